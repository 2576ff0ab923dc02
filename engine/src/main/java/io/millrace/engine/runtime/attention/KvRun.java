package io.millrace.engine.runtime.attention;

import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.kernel.Bfloat16;

/** The keys or values of a few neighbouring blocks of a sequence as the kernels read them. */
final class KvRun {
  private final KvStorage pool;
  private final float[] wide;

  /** An array of the pool, or blocks widened. */
  float[] array;

  /** Where blocks start in {@link #array}. */
  final int[] starts;

  /** Where the values of tokens start in {@link #array}. */
  final int[] tokens;

  /**
   * @param tokens of a run at most
   */
  KvRun(KvStorage pool, int tokens) {
    this.pool = pool;
    starts = new int[tokens / pool.blockSize()];
    this.tokens = new int[tokens];
    wide = pool.type() == KvType.FP32 ? null : new float[tokens * pool.paddedDim()];
  }

  /**
   * Moves to the keys of some tokens.
   *
   * @param from a multiple of the block size
   * @return number of blocks in the run, at least one; fewer than wanted if arrays change
   */
  int keys(int layer, int[] blockTable, int kvHead, int from, int until) {
    return move(layer, blockTable, kvHead, from, until, 0, pool.headDim());
  }

  /** Moves to the values of some tokens. */
  int values(int layer, int[] blockTable, int kvHead, int from, int until) {
    int size = pool.blockSize();
    int keys = size * pool.headDim();
    int count = move(layer, blockTable, kvHead, from, until, keys, pool.paddedDim());
    for (int i = 0; i < count * size; i++) {
      tokens[i] = starts[i / size] + i % size * KvStorage.GROUP;
    }
    return count;
  }

  private int move(
      int layer, int[] blockTable, int kvHead, int from, int until, int offset, int dim) {
    int size = pool.blockSize();
    int first = from / size;
    int count = Math.min(starts.length, (until - from + size - 1) / size);
    if (wide != null) {
      for (int i = 0; i < count; i++) {
        int block = blockTable[first + i];
        starts[i] = i * size * dim;
        Bfloat16.widen(
            pool.halves(layer, block),
            pool.keys(block, kvHead) + offset,
            size * dim,
            wide,
            starts[i]);
      }
      array = wide;
      return count;
    }
    array = pool.floats(layer, blockTable[first]);
    int i = 0;
    while (i < count && pool.floats(layer, blockTable[first + i]) == array) {
      starts[i] = pool.keys(blockTable[first + i], kvHead) + offset;
      i++;
    }
    return i;
  }
}
