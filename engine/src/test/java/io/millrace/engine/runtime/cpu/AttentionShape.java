package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import java.util.Random;

/** What both sides of the yardstick are given: Qwen2.5-0.5B's attention and random activations. */
final class AttentionShape {
  private AttentionShape() {}

  static ModelConfig config(int layers) {
    return new ModelConfig(
        Family.QWEN2,
        896,
        layers,
        14,
        2,
        64,
        4864,
        151936,
        32768,
        1e-6,
        1e6,
        true,
        false,
        true,
        false,
        false,
        32768);
  }

  /** Per sequence q, k and v of its past and new tokens. */
  static float[][] qkv(ModelConfig config, int[] past, int newTokens) {
    Random random = new Random(5);
    float[][] qkv = new float[past.length][];
    for (int s = 0; s < past.length; s++) {
      qkv[s] = new float[(past[s] + newTokens) * config.qkvSize()];
      for (int i = 0; i < qkv[s].length; i++) {
        qkv[s][i] = (float) random.nextGaussian();
      }
    }
    return qkv;
  }
}
