package io.millrace.engine.runtime.kernel;

import java.util.Arrays;

/** Attention over one KV block, without the Vector API; same bits as {@link VectorAttention}. */
final class ScalarAttention {
  private ScalarAttention() {}

  static void scores(
      int rows,
      float[] q,
      int qFrom,
      int dim,
      float[] keys,
      int keysFrom,
      int tokens,
      float[] scores,
      int scoresFrom,
      int stride) {
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < tokens; t++) {
        float sum = 0f;
        for (int d = 0; d < dim; d++) {
          sum = Math.fma(q[qFrom + r * dim + d], keys[keysFrom + d * tokens + t], sum);
        }
        scores[scoresFrom + r * stride + t] = sum;
      }
    }
  }

  static void accumulate(
      int rows,
      float[] weights,
      int weightsFrom,
      int stride,
      float[] values,
      int valuesFrom,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    accumulateFrom(
        0, rows, weights, weightsFrom, stride, values, valuesFrom, tokens, out, outFrom, dim);
  }

  static void accumulateFrom(
      int start,
      int rows,
      float[] weights,
      int weightsFrom,
      int stride,
      float[] values,
      int valuesFrom,
      int tokens,
      float[] out,
      int outFrom,
      int dim) {
    for (int r = 0; r < rows; r++) {
      for (int d = start; d < dim; d++) {
        float sum = out[outFrom + r * dim + d];
        for (int t = 0; t < tokens; t++) {
          sum =
              Math.fma(
                  weights[weightsFrom + r * stride + t], values[valuesFrom + t * dim + d], sum);
        }
        out[outFrom + r * dim + d] = sum;
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
