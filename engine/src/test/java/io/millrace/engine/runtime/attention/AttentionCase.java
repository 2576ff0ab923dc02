package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.kernel.Bfloat16;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** One sequence with random queries, keys and values in shuffled blocks of a pool full of NaN. */
final class AttentionCase {
  private final Random random = new Random(2);
  private final ModelConfig config;
  private final KvStorage pool;
  private final int[] blocks;
  private final float[] queries;

  /** Per token the keys and then the values of all heads, as the pool holds them. */
  private final float[][] kv;

  AttentionCase(int heads, int kvHeads, int dim, KvType type, int blockSize, int length) {
    config = config(heads, kvHeads, dim);
    int blockCount = length / blockSize + 3;
    long bytes = blockCount * KvStorage.blockBytes(config, type, blockSize);
    // Several arrays, so that runs of blocks end early too.
    pool = new KvStorage(config, type, blockSize, bytes, 4 * blockSize * kvHeads * 2 * dim);
    for (int block = 0; block < blockCount; block++) {
      if (type == KvType.FP32) {
        Arrays.fill(pool.floats(0, block), Float.NaN);
      } else {
        Arrays.fill(pool.halves(0, block), Bfloat16.of(Float.NaN));
      }
    }
    List<Integer> all = new ArrayList<>(IntStream.range(0, blockCount).boxed().toList());
    Collections.shuffle(all, random);
    blocks = all.stream().mapToInt(i -> i).toArray();
    queries = gaussians(length * heads * dim);
    kv = new float[length][];
    for (int t = 0; t < length; t++) {
      float[] token = gaussians(2 * kvHeads * dim);
      for (int h = 0; h < kvHeads; h++) {
        int block = blocks[t / blockSize];
        pool.store(0, block, t % blockSize, h, token, h * dim, (kvHeads + h) * dim);
      }
      if (type == KvType.BF16) {
        for (int i = 0; i < token.length; i++) {
          token[i] = Bfloat16.toFloat(Bfloat16.of(token[i]));
        }
      }
      kv[t] = token;
    }
  }

  int heads() {
    return config.heads();
  }

  /** The attention of tokens from a position on; items run last to first. */
  float[] run(int segmentTokens, int workers, int past, int tokens) {
    int width = config.heads() * config.headDim();
    float[] out = new float[tokens * width];
    float[] q = Arrays.copyOfRange(queries, past * width, (past + tokens) * width);
    PagedAttention attention = new PagedAttention(config, pool, workers, segmentTokens);
    attention.plan(
        new StepBatch(
            1,
            new int[tokens],
            new int[] {0, tokens},
            new int[] {past},
            new int[][] {blocks},
            new float[] {1},
            new int[0]));
    for (int item = attention.items() - 1; item >= 0; item--) {
      attention.run(item, item % workers, 0, q, out);
    }
    return out;
  }

  /** The attention of one head of one token in double precision. */
  double[] reference(int position, int head) {
    int dim = config.headDim();
    int kvHead = head / (config.heads() / config.kvHeads());
    int query = (position * config.heads() + head) * dim;
    int key = kvHead * dim;
    int value = (config.kvHeads() + kvHead) * dim;
    double[] weights = new double[position + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t <= position; t++) {
      for (int d = 0; d < dim; d++) {
        weights[t] += (double) queries[query + d] * kv[t][key + d];
      }
      max = Math.max(max, weights[t]);
    }
    double sum = 0;
    double[] out = new double[dim];
    for (int t = 0; t <= position; t++) {
      double weight = Math.exp(weights[t] - max);
      sum += weight;
      for (int d = 0; d < dim; d++) {
        out[d] += weight * kv[t][value + d];
      }
    }
    for (int d = 0; d < dim; d++) {
      out[d] /= sum;
    }
    return out;
  }

  private float[] gaussians(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * 0.4);
    }
    return values;
  }

  static ModelConfig config(int heads, int kvHeads, int dim) {
    return new ModelConfig(
        Family.QWEN2,
        heads * dim,
        1,
        heads,
        kvHeads,
        dim,
        16,
        16,
        512,
        1e-6,
        1e6,
        true,
        false,
        false,
        false,
        false,
        512);
  }
}
