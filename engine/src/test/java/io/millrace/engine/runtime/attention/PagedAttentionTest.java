package io.millrace.engine.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention over a dirty pool against a plain one in double precision. */
class PagedAttentionTest {
  private static final int PAST = 141;
  private static final int TOKENS = 23;

  private final Random random = new Random(2);

  @ParameterizedTest
  @CsvSource({
    "4, 4, 16, 16",
    "4, 2, 16, 32",
    "14, 2, 64, 16",
    "14, 2, 64, 32",
    "6, 2, 8, 16",
    "5, 1, 24, 32",
    "2, 2, 128, 16",
    "64, 1, 16, 16"
  })
  void agreesWithDoubleWhateverTheUnusedSlotsHold(int heads, int kvHeads, int dim, int blockSize) {
    ModelConfig config = config(heads, kvHeads, dim);
    KvPool pool = new KvPool(config, blockSize, 4 << 20);
    Arrays.fill(pool.layer(0), Float.NaN);
    int length = PAST + TOKENS;
    int[] blocks = blocks(pool, (length + blockSize - 1) / blockSize);
    float[][] kv = new float[length][];
    for (int t = 0; t < length; t++) {
      kv[t] = gaussians(2 * kvHeads * dim);
      for (int h = 0; h < kvHeads; h++) {
        pool.store(0, blocks[t / blockSize], t % blockSize, h, kv[t], h * dim, (kvHeads + h) * dim);
      }
    }
    float[] queries = gaussians(TOKENS * heads * dim);
    float[] out = new float[queries.length];
    PagedAttention attention = new PagedAttention(config, pool, 1);
    attention.plan(
        new StepBatch(
            1,
            new int[TOKENS],
            new int[] {0, TOKENS},
            new int[] {PAST},
            new int[][] {blocks},
            new float[] {1},
            new int[0]));
    for (int item = 0; item < attention.items(); item++) {
      attention.run(item, 0, 0, queries, out);
    }
    for (int t = 0; t < TOKENS; t++) {
      for (int head = 0; head < heads; head++) {
        int from = (t * heads + head) * dim;
        int kvHead = head / (heads / kvHeads);
        double[] expected =
            reference(queries, from, kv, kvHead * dim, (kvHeads + kvHead) * dim, PAST + t, dim);
        for (int d = 0; d < dim; d++) {
          assertThat((double) out[from + d]).isCloseTo(expected[d], within(2e-6));
        }
      }
    }
  }

  private double[] reference(
      float[] q, int from, float[][] kv, int key, int value, int position, int dim) {
    double[] weights = new double[position + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t <= position; t++) {
      for (int d = 0; d < dim; d++) {
        weights[t] += (double) q[from + d] * kv[t][key + d];
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

  private int[] blocks(KvPool pool, int n) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < pool.blockCount(); i++) {
      all.add(i);
    }
    Collections.shuffle(all, random);
    return all.stream().mapToInt(i -> i).limit(n).toArray();
  }

  private float[] gaussians(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * 0.4);
    }
    return values;
  }

  private static ModelConfig config(int heads, int kvHeads, int dim) {
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
