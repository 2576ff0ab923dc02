package io.millrace.engine.batching;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.StepBatch;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Runs a prompt and a few decode steps before the first request, so that it doesn't pay for
 * compilation and first touches of memory. The blocks it writes are not in use yet.
 */
final class WarmUp {
  private static final int PROMPT = 64;
  private static final int DECODES = 16;
  private static final long MAX_NANOS = 2_000_000_000L;

  private WarmUp() {}

  static void run(ModelRuntime runtime, int vocabulary, int maxBatchTokens) {
    int room = runtime.blockCount() * runtime.blockSize();
    int prompt = Math.min(Math.min(PROMPT, maxBatchTokens), room - 1);
    long start = System.nanoTime();
    step(runtime, vocabulary, 0, prompt);
    int past = prompt;
    while (past < Math.min(prompt + DECODES, room) && System.nanoTime() - start < MAX_NANOS) {
      step(runtime, vocabulary, past++, 1);
    }
  }

  private static void step(ModelRuntime runtime, int vocabulary, int past, int count) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> (past + i) % vocabulary);
    int[] blocks = IntStream.rangeClosed(0, (past + count - 1) / runtime.blockSize()).toArray();
    runtime.step(
        new StepBatch(
            1,
            tokens,
            new int[] {0, count},
            new int[] {past},
            new int[][] {blocks},
            new float[] {1},
            new int[] {count - 1}));
    runtime.copyLogits(0, new float[runtime.logitColumns()]);
  }
}
