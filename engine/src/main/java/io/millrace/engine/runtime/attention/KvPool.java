package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.RuntimeFailureException;

/**
 * The storage of the KV blocks: per layer one array of [block][KV head][keys, values], with keys as
 * [dim][tokens] so that a vector holds one dimension of neighbouring tokens, and values as
 * [tokens][dim].
 */
public final class KvPool {
  private final int blockSize;
  private final int blockCount;
  private final int kvHeads;
  private final int headDim;
  private final float[][] layers;

  public KvPool(ModelConfig config, int blockSize, long kvCacheBytes) {
    this.blockSize = blockSize;
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    long perLayer = 2L * kvHeads * headDim * blockSize;
    long blockBytes = blockBytes(config, blockSize);
    long most = (Integer.MAX_VALUE - 8) / perLayer;
    this.blockCount = (int) Math.min(most, kvCacheBytes / blockBytes);
    if (blockCount < 1) {
      throw new IllegalArgumentException(
          "kvCacheBytes "
              + kvCacheBytes
              + " is too small: a block of "
              + blockSize
              + " tokens of this model takes "
              + blockBytes
              + " bytes");
    }
    this.layers = new float[config.layers()][];
    try {
      for (int layer = 0; layer < layers.length; layer++) {
        layers[layer] = new float[Math.toIntExact(perLayer * blockCount)];
      }
    } catch (OutOfMemoryError e) {
      throw new RuntimeFailureException(
          "The KV pool of kvCacheBytes "
              + kvCacheBytes
              + " does not fit in the JVM's heap of "
              + Runtime.getRuntime().maxMemory()
              + " bytes: lower kvCacheBytes or raise -Xmx",
          e);
    }
  }

  /** Bytes of one block over all layers. */
  public static long blockBytes(ModelConfig config, int blockSize) {
    return 2L * config.kvHeads() * config.headDim() * blockSize * config.layers() * Float.BYTES;
  }

  public int blockSize() {
    return blockSize;
  }

  public int blockCount() {
    return blockCount;
  }

  float[] layer(int layer) {
    return layers[layer];
  }

  int keys(int block, int kvHead) {
    return (block * kvHeads + kvHead) * 2 * blockSize * headDim;
  }

  int values(int block, int kvHead) {
    return keys(block, kvHead) + blockSize * headDim;
  }

  /** Stores one head's key and value of the token at a slot of a block. */
  void store(int layer, int block, int slot, int kvHead, float[] qkv, int keyFrom, int valueFrom) {
    float[] pool = layers[layer];
    int keys = keys(block, kvHead) + slot;
    for (int d = 0; d < headDim; d++) {
      pool[keys + d * blockSize] = qkv[keyFrom + d];
    }
    System.arraycopy(qkv, valueFrom, pool, values(block, kvHead) + slot * headDim, headDim);
  }
}
