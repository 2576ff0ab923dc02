package io.millrace.engine.runtime.kernel;

/**
 * Kernels over one (KV block, KV head): keys lie [dim][tokens], values [tokens][dim]. Query rows
 * come in fours or alone.
 */
public final class AttentionKernels {
  private static final boolean VECTOR = VectorModule.present();

  private AttentionKernels() {}

  /**
   * Products of query rows with all keys of a block.
   *
   * @param rows 4 or 1
   * @param stride from one row's scores to the next's
   */
  public static void scores(
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
    if (VECTOR) {
      VectorAttention.scores(
          rows, q, qFrom, dim, keys, keysFrom, tokens, scores, scoresFrom, stride);
    } else {
      ScalarAttention.scores(
          rows, q, qFrom, dim, keys, keysFrom, tokens, scores, scoresFrom, stride);
    }
  }

  /**
   * Adds the weighted values of a block's first tokens to the rows' outputs.
   *
   * @param rows 4 or 1
   * @param stride from one row's weights to the next's
   */
  public static void accumulate(
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
    if (VECTOR) {
      VectorAttention.accumulate(
          rows, weights, weightsFrom, stride, values, valuesFrom, tokens, out, outFrom, dim);
    } else {
      ScalarAttention.accumulate(
          rows, weights, weightsFrom, stride, values, valuesFrom, tokens, out, outFrom, dim);
    }
  }

  /** The largest of start and n values; n is a multiple of 16. */
  public static float max(float[] x, int from, int n, float start) {
    return VECTOR ? VectorAttention.max(x, from, n, start) : ScalarAttention.max(x, from, n, start);
  }

  /**
   * Replaces n values by {@code exp(x - max)}; n is a multiple of 16.
   *
   * @param lanes scratch of 16
   * @return their sum in {@link Lanes}' order
   */
  public static float expSum(float[] x, int from, int n, float max, float[] lanes) {
    return VECTOR
        ? VectorAttention.expSum(x, from, n, max, lanes)
        : ScalarAttention.expSum(x, from, n, max, lanes);
  }

  /** The exponential that {@link #expSum} uses. */
  public static float exp(float x) {
    return ScalarExp.exp(x);
  }

  /** Multiplies a row by a factor. */
  public static void scale(float[] x, int from, int n, float factor) {
    for (int i = 0; i < n; i++) {
      x[from + i] *= factor;
    }
  }
}
