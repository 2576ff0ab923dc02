package io.millrace.engine.runtime.kernel;

import java.util.Arrays;

/** Attention without the Vector API, with the bits of the vector kernels. */
final class ScalarAttention {
  private ScalarAttention() {}

  static void scores(
      int rows,
      float[] q,
      int qFrom,
      int dim,
      float[] keys,
      int[] blocks,
      int count,
      int tokens,
      float[] s,
      int sFrom,
      int stride) {
    for (int i = 0; i < count * tokens; i++) {
      int key = blocks[i / tokens] + i % tokens;
      for (int r = 0; r < rows; r++) {
        float sum = 0f;
        for (int d = 0; d < dim; d++) {
          sum = Math.fma(q[qFrom + d * rows + r], keys[key + d * tokens], sum);
        }
        s[sFrom + r * stride + i] = sum;
      }
    }
  }

  static void values(
      int rows,
      float[] p,
      int pFrom,
      int stride,
      float[] values,
      int[] at,
      int size,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    for (int i = 0; i < tokens; i++) {
      for (int r = 0; r < rows; r++) {
        float weight = p[pFrom + r * stride + i];
        for (int d = 0; d < dim; d++) {
          int v = at[i] + d / Lanes.COUNT * Lanes.COUNT * size + d % Lanes.COUNT;
          int o = outFrom + r * dim + d;
          out[o] = Math.fma(weight, values[v], out[o]);
        }
      }
    }
  }

  static float max(float[] x, int from, int n, float start) {
    float max = start;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[from + i]);
    }
    return max;
  }

  static float expSum(float[] x, int from, int n, float max, float[] lanes) {
    Arrays.fill(lanes, 0f);
    for (int i = 0; i < n; i++) {
      float e = ScalarExp.exp(x[from + i] - max);
      x[from + i] = e;
      lanes[i & 15] += e;
    }
    return Lanes.sum(lanes);
  }
}
