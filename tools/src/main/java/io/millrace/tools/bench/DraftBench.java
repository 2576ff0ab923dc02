package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.tools.eval.EvalConversation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Measures the same answers without drafts and with them. */
public final class DraftBench {

  /**
   * One way to decode.
   *
   * @param draftTokens 0 is without drafts
   */
  public record Run(
      int draftTokens, long tokens, long steps, long drafted, long accepted, double seconds) {
    public double tokensPerSecond() {
      return tokens / seconds;
    }
  }

  private final Engine engine;
  private final RandomPrompts prompts;

  public DraftBench(Engine engine) {
    this.engine = engine;
    prompts = new RandomPrompts(engine);
  }

  /** Prompts that an answer has no reason to repeat. */
  public List<int[]> random(int count, int length) {
    List<int[]> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(prompts.random(length));
    }
    return made;
  }

  /** The first turns of conversations. */
  public List<int[]> firstTurns(List<EvalConversation> conversations, int newTokens) {
    ChatFormat chat = engine.chatFormat();
    int room = engine.maxSequenceLength() - newTokens;
    return conversations.stream()
        .map(
            c ->
                chat.prompt(
                        chat.system(c.system()),
                        List.of(),
                        chat.query(List.of(new Message(Role.USER, c.turns().get(0).user()))),
                        room)
                    .ids())
        .toList();
  }

  /**
   * Both ways in turn, several times; prompts are in the cache already, so that only decoding
   * counts.
   *
   * @return the median run without drafts, then the one with
   * @throws IllegalStateException if drafts changed an answer
   */
  public List<Run> compare(
      List<int[]> given, SamplingParameters sampling, int draftTokens, int runs) {
    SamplingParameters drafting = sampling.toBuilder().draftTokens(draftTokens).build();
    List<GenerationResult> expected = prompts.answer(given, sampling);
    List<Run> without = new ArrayList<>();
    List<Run> with = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      without.add(run(given, sampling, expected));
      with.add(run(given, drafting, expected));
    }
    return List.of(median(without), median(with));
  }

  private Run run(List<int[]> given, SamplingParameters sampling, List<GenerationResult> expected) {
    EngineStats before = engine.stats();
    long start = System.nanoTime();
    List<GenerationResult> results = prompts.answer(given, sampling);
    double seconds = (System.nanoTime() - start) / 1e9;
    EngineStats after = engine.stats();
    for (int i = 0; i < results.size(); i++) {
      if (!Arrays.equals(results.get(i).tokens(), expected.get(i).tokens())) {
        throw new IllegalStateException("answer " + i + " differs from the one without drafts");
      }
    }
    return new Run(
        sampling.draftTokens(),
        results.stream().mapToLong(r -> r.usage().completionTokens()).sum(),
        after.steps() - before.steps(),
        results.stream().mapToLong(r -> r.usage().draftedTokens()).sum(),
        results.stream().mapToLong(r -> r.usage().acceptedTokens()).sum(),
        seconds);
  }

  private static Run median(List<Run> runs) {
    return runs.stream()
        .sorted(Comparator.comparingDouble(Run::seconds))
        .toList()
        .get((runs.size() - 1) / 2);
  }
}
