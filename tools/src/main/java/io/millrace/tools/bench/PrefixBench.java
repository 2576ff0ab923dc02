package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Measures what the prefix cache saves: at a second turn, and where conversations begin alike. */
public final class PrefixBench {

  /** Tokens that a question adds to its conversation. */
  private static final int QUESTION = 32;

  private static final int ANSWER = 16;

  /**
   * A conversation of two turns.
   *
   * @param firstMillis until the first token of the first turn
   * @param secondMillis until the first token of the second turn
   * @param secondTokens prompt tokens that the second turn computed
   */
  public record Turns(double firstMillis, double secondMillis, int secondTokens) {
    public double ratio() {
      return secondMillis / firstMillis;
    }
  }

  /**
   * Conversations with one system prompt.
   *
   * @param promptTokens of all prompts together
   * @param computedTokens how many of them were computed
   * @param millis until the last one's first token
   */
  public record Shared(long promptTokens, long computedTokens, double millis) {}

  private final RandomPrompts prompts;

  public PrefixBench(Engine engine) {
    prompts = new RandomPrompts(engine);
  }

  /** The median of several conversations by their ratio. */
  public Turns turns(int history, int runs) {
    turns(Math.min(history, 512));
    List<Turns> all = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      all.add(turns(history));
    }
    return median(all, Turns::ratio);
  }

  private Turns turns(int history) {
    SamplingParameters sampling =
        SamplingParameters.builder().temperature(0).maxNewTokens(ANSWER).ignoreEos(true).build();
    int[] prompt = prompts.random(history);
    GenerationResult first = prompts.answer(List.of(prompt), sampling).get(0);
    int[] next = prompts.continued(RandomPrompts.join(prompt, first.tokens()), QUESTION);
    GenerationResult second = prompts.answer(List.of(next), sampling).get(0);
    return new Turns(
        first.timings().firstTokenMillis(),
        second.timings().firstTokenMillis(),
        second.usage().promptTokens() - second.usage().cachedTokens());
  }

  /** The median of several rounds by their time; each has a system prompt of its own. */
  public Shared shared(int conversations, int system, int runs) {
    List<Shared> all = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      int[] common = prompts.random(system);
      List<int[]> round = new ArrayList<>();
      for (int i = 0; i < conversations; i++) {
        round.add(prompts.continued(common, QUESTION));
      }
      all.add(sum(prompts.answer(round, SamplingParameters.greedy(1))));
    }
    return median(all, Shared::millis);
  }

  private static Shared sum(List<GenerationResult> results) {
    long prompt = results.stream().mapToLong(r -> r.usage().promptTokens()).sum();
    long cached = results.stream().mapToLong(r -> r.usage().cachedTokens()).sum();
    double last = results.stream().mapToDouble(r -> r.timings().totalMillis()).max().orElseThrow();
    return new Shared(prompt, prompt - cached, last);
  }

  private static <T> T median(List<T> runs, ToDoubleFunction<T> by) {
    return runs.stream().sorted(Comparator.comparingDouble(by)).toList().get((runs.size() - 1) / 2);
  }
}
