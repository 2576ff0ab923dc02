package io.millrace.engine.assembly;

import io.millrace.engine.batching.RopeAlpha;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.device.Runtimes;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The raw logits after a prompt, for comparing models; no engine, no sampling. */
public final class PromptLogits {
  private static final int CHUNK = 512;

  private PromptLogits() {}

  /**
   * Opens the model for this one question.
   *
   * @param threads 0 takes the machine's cores
   * @return one value per row of the embedding, padding ids included
   */
  public static float[] of(PreparedModel model, int[] ids, int threads, KvType kvType) {
    ModelConfig config = model.config();
    if (ids.length == 0) {
      throw new IllegalArgumentException("the prompt has no tokens: name at least one");
    }
    if (ids.length > config.maxPositions() && !config.growsWithPrompt()) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, the model reads %d at most"
              .formatted(ids.length, config.maxPositions()));
    }
    int blocks = Runtimes.blocks(ids.length);
    long kvBytes = blocks * Runtimes.blockBytes(config, kvType);
    RuntimeOptions options = new RuntimeOptions(threads, false, kvType, kvBytes);
    try (ModelRuntime runtime = Runtimes.open(model, options)) {
      prefill(runtime, ids, IntStream.range(0, blocks).toArray(), RopeAlpha.of(config, ids.length));
      float[] logits = new float[runtime.logitColumns()];
      runtime.copyLogits(0, logits);
      return logits;
    }
  }

  private static void prefill(ModelRuntime runtime, int[] ids, int[] blocks, float alpha) {
    for (int from = 0; from < ids.length; from += CHUNK) {
      int to = Math.min(ids.length, from + CHUNK);
      runtime.step(
          new StepBatch(
              1,
              Arrays.copyOfRange(ids, from, to),
              new int[] {0, to - from},
              new int[] {from},
              new int[][] {blocks},
              new float[] {alpha},
              to == ids.length ? new int[] {to - from - 1} : new int[0]));
    }
  }
}
