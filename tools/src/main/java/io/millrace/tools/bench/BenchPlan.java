package io.millrace.tools.bench;

import io.millrace.engine.runtime.KvType;
import java.nio.file.Path;
import java.util.List;

/**
 * What to measure: every number of sequences with every length of context.
 *
 * @param newTokens that each sequence decodes in a run
 * @param runs that count, after one that does not
 * @param threads 0 takes the machine's cores
 * @param spin whether idle threads of the model's maths spin
 * @param kvType number format of the KV pool
 * @param batchTokens the engine's budget for a step, which is the size of a prefill chunk
 */
public record BenchPlan(
    Path model,
    List<Integer> sequences,
    List<Integer> contexts,
    int newTokens,
    int runs,
    int threads,
    boolean spin,
    KvType kvType,
    int batchTokens) {

  public BenchPlan {
    sequences.forEach(n -> atLeast("--sequences", n, 1));
    contexts.forEach(n -> atLeast("--context", n, 2));
    atLeast("--new-tokens", newTokens, 4);
    atLeast("--runs", runs, 1);
    atLeast("--threads", threads, 0);
    for (int n : sequences) {
      if (n >= batchTokens) {
        throw new IllegalArgumentException(
            "--sequences %d do not decode in one step of --batch-tokens %d: lower the one or raise the other"
                .formatted(n, batchTokens));
      }
    }
    sequences = List.copyOf(sequences);
    contexts = List.copyOf(contexts);
  }

  private static void atLeast(String option, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %d: use %d or more".formatted(option, value, least));
    }
  }

  int longestContext() {
    return contexts.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }
}
