package io.millrace.engine;

import io.millrace.engine.model.ModelConfig;

/** Qwen v1's dynamic NTK: how much RoPE's base grows for a prompt beyond the trained length. */
final class RopeAlpha {
  private RopeAlpha() {}

  /**
   * The alpha of a whole prompt: 2^(ceil(log2(length / trained)) + 1) - 1, at least 1; computed on
   * integers, so that a power of two never rounds to the wrong side.
   */
  static float of(ModelConfig config, int promptLength) {
    if (!config.dynamicNtk()) {
      return 1;
    }
    long reach = config.trainedLength();
    long alpha = 1;
    while (reach < promptLength) {
      reach *= 2;
      alpha = 2 * alpha + 1;
    }
    return alpha;
  }
}
