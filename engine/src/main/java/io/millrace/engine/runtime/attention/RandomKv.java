package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import java.util.SplittableRandom;

/** Random keys and values, for measurements of long contexts without their prefill. */
public final class RandomKv {
  /** Tokens walk through this many values at an odd stride, so that neighbours differ. */
  private static final int VALUES = 1 << 16;

  private static final int STRIDE = 4099;

  private RandomKv() {}

  /** Fills one layer of the pool. */
  public static void fill(KvStorage pool, ModelConfig config, int layer, long seed) {
    int width = config.headDim();
    SplittableRandom random = new SplittableRandom(seed + layer);
    float[] values = new float[VALUES + 2 * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble() - 0.5f;
    }
    int from = 0;
    for (int block = 0; block < pool.blockCount(); block++) {
      for (int head = 0; head < config.kvHeads(); head++) {
        for (int slot = 0; slot < pool.blockSize(); slot++) {
          pool.store(layer, block, slot, head, values, from, from + width);
          from = (from + STRIDE) % VALUES;
        }
      }
    }
  }
}
