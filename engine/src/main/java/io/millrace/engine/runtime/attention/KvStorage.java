package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.engine.runtime.kernel.Bfloat16;
import java.lang.reflect.Array;

/**
 * The storage of the KV blocks: per layer [block][KV head][keys, values], with keys as
 * [dim][tokens] so that a vector holds one dimension of neighbouring tokens, and values as [dim /
 * 16][tokens][16]. A layer is cut into several arrays, since one array holds 2^31 elements at most.
 */
public final class KvStorage {
  /** Values are stored in groups of this many dimensions; the last group is padded. */
  static final int GROUP = 16;

  private static final int ARRAY_ELEMENTS = 1 << 28;

  private final KvType type;
  private final int blockSize;
  private final int blockCount;
  private final int kvHeads;
  private final int headDim;
  private final int headElements;
  private final int arrayShift;
  private final float[][][] floats;
  private final short[][][] halves;

  public KvStorage(ModelConfig config, KvType type, int blockSize, long kvCacheBytes) {
    this(config, type, blockSize, kvCacheBytes, ARRAY_ELEMENTS);
  }

  /**
   * @param arrayElements elements of one array at most, if it holds a block
   */
  KvStorage(ModelConfig config, KvType type, int blockSize, long kvCacheBytes, int arrayElements) {
    this.type = type;
    this.blockSize = blockSize;
    this.kvHeads = config.kvHeads();
    this.headDim = config.headDim();
    this.headElements = blockSize * (headDim + paddedDim(config));
    long blockBytes = blockBytes(config, type, blockSize);
    this.blockCount = (int) Math.min(Integer.MAX_VALUE, kvCacheBytes / blockBytes);
    if (blockCount < 1) {
      throw new IllegalArgumentException(
          "The KV cache of "
              + kvCacheBytes
              + " bytes (engine.kv-cache-size) is too small: a block of "
              + blockSize
              + " tokens of this model takes "
              + blockBytes
              + " bytes");
    }
    int blocksPerArray = Math.max(1, arrayElements / (kvHeads * headElements));
    this.arrayShift = 31 - Integer.numberOfLeadingZeros(blocksPerArray);
    int arrays = (blockCount - 1 >> arrayShift) + 1;
    boolean wide = type == KvType.FP32;
    this.floats = wide ? new float[config.layers()][arrays][] : null;
    this.halves = wide ? null : new short[config.layers()][arrays][];
    try {
      for (Object[] layer : wide ? floats : halves) {
        allocate(layer);
      }
    } catch (OutOfMemoryError e) {
      throw new RuntimeFailureException(
          "The KV cache of "
              + kvCacheBytes
              + " bytes (engine.kv-cache-size) does not fit in the JVM's heap of "
              + Runtime.getRuntime().maxMemory()
              + " bytes: lower engine.kv-cache-size or raise -Xmx",
          e);
    }
  }

  private void allocate(Object[] layer) {
    Class<?> element = type == KvType.FP32 ? float.class : short.class;
    for (int i = 0; i < layer.length; i++) {
      int blocks = Math.min(1 << arrayShift, blockCount - (i << arrayShift));
      layer[i] = Array.newInstance(element, Math.multiplyExact(blocks, kvHeads * headElements));
    }
  }

  /** Bytes of one block over all layers. */
  public static long blockBytes(ModelConfig config, KvType type, int blockSize) {
    long perToken = (long) config.kvHeads() * (config.headDim() + paddedDim(config));
    return perToken * blockSize * config.layers() * type.bytes();
  }

  /** Dimensions of a head's values with their padding. */
  private static int paddedDim(ModelConfig config) {
    return (config.headDim() + GROUP - 1) / GROUP * GROUP;
  }

  int headDim() {
    return headDim;
  }

  int paddedDim() {
    return headElements / blockSize - headDim;
  }

  public KvType type() {
    return type;
  }

  public int blockSize() {
    return blockSize;
  }

  public int blockCount() {
    return blockCount;
  }

  /** The array that holds a block of an fp32 pool. */
  float[] floats(int layer, int block) {
    return floats[layer][block >> arrayShift];
  }

  /** The array that holds a block of a bf16 pool. */
  short[] halves(int layer, int block) {
    return halves[layer][block >> arrayShift];
  }

  /** Where in its array a block's keys start. */
  int keys(int block, int kvHead) {
    return ((block & (1 << arrayShift) - 1) * kvHeads + kvHead) * headElements;
  }

  /** Where in its array a block's values start. */
  int values(int block, int kvHead) {
    return keys(block, kvHead) + blockSize * headDim;
  }

  /** Stores one head's key and value of the token at a slot of a block. */
  void store(int layer, int block, int slot, int kvHead, float[] qkv, int keyFrom, int valueFrom) {
    int key = keys(block, kvHead) + slot;
    int value = values(block, kvHead) + slot * GROUP;
    if (type == KvType.FP32) {
      float[] pool = floats(layer, block);
      for (int d = 0; d < headDim; d++) {
        pool[key + d * blockSize] = qkv[keyFrom + d];
        pool[value + d / GROUP * GROUP * blockSize + d % GROUP] = qkv[valueFrom + d];
      }
    } else {
      short[] pool = halves(layer, block);
      for (int d = 0; d < headDim; d++) {
        pool[key + d * blockSize] = Bfloat16.of(qkv[keyFrom + d]);
        pool[value + d / GROUP * GROUP * blockSize + d % GROUP] = Bfloat16.of(qkv[valueFrom + d]);
      }
    }
  }
}
