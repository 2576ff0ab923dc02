package io.millrace.engine.batching;

import io.millrace.engine.model.ModelConfig;

/** How much RoPE's base grows for a prompt beyond the trained length, for the models whose does. */
public final class RopeAlpha {
  private RopeAlpha() {}

  /** The alpha of a whole prompt, at least 1; it stays the same while tokens are generated. */
  public static float of(ModelConfig config, int promptLength) {
    if (config.dynamicNtk()) {
      return qwen(config, promptLength);
    }
    if (config.growsWithPrompt()) {
      double factor = config.ropeScaling().factor();
      double ratio = (double) promptLength / config.ropeScaling().originalLength();
      return (float) Math.max(1, factor * ratio - (factor - 1));
    }
    return 1;
  }

  /**
   * Qwen v1: 2^(ceil(log2(length / trained)) + 1) - 1; computed on integers, so that a power of two
   * never rounds to the wrong side.
   */
  private static float qwen(ModelConfig config, int promptLength) {
    long reach = config.trainedLength();
    long alpha = 1;
    while (reach < promptLength) {
      reach *= 2;
      alpha = 2 * alpha + 1;
    }
    return alpha;
  }
}
