package io.millrace.engine.runtime.kernel;

/**
 * Kernels over a few KV blocks of one KV head.
 *
 * <p>A block's keys lie [dim][tokens]; its values lie [dim / 16][tokens][16], so that what a kernel
 * reads in one go is in neighbouring cache lines. Query rows come in groups of four, whose queries
 * lie [dim][row], or alone.
 */
public final class AttentionKernels {
  private static final boolean VECTOR = VectorModule.present();

  private AttentionKernels() {}

  /**
   * Products of query rows with all keys of some blocks.
   *
   * @param rows 4 or 1
   * @param blocks where in keys each block starts
   * @param count of the blocks
   * @param tokens of a block
   * @param stride from one row's scores to the next's
   */
  public static void scores(
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
    if (!VECTOR) {
      ScalarAttention.scores(rows, q, qFrom, dim, keys, blocks, count, tokens, s, sFrom, stride);
    } else if (rows == 4) {
      VectorScores.four(q, qFrom, dim, keys, blocks, count, tokens, s, sFrom, stride);
    } else {
      VectorScores.one(q, qFrom, dim, keys, blocks, count, tokens, s, sFrom, stride);
    }
  }

  /**
   * Adds the weighted values of some tokens to the rows' outputs.
   *
   * @param rows 4 or 1
   * @param stride from one row's weights to the next's
   * @param at where in values each token's first dimension lies
   * @param size tokens that a block has room for
   * @param dim a multiple of 16
   */
  public static void values(
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
    if (!VECTOR) {
      ScalarAttention.values(rows, p, pFrom, stride, values, at, size, tokens, out, outFrom, dim);
    } else if (rows == 4) {
      VectorValues.four(p, pFrom, stride, values, at, size, tokens, out, outFrom, dim);
    } else {
      VectorValues.one(p, pFrom, stride, values, at, size, tokens, out, outFrom, dim);
    }
  }

  /** The largest of start and n values; n is a multiple of 16. */
  public static float max(float[] x, int from, int n, float start) {
    return VECTOR ? VectorSoftmax.max(x, from, n, start) : ScalarAttention.max(x, from, n, start);
  }

  /**
   * Replaces n values by {@code exp(x - max)}; n is a multiple of 16.
   *
   * @param lanes scratch of 16
   * @return their sum in {@link Lanes}' order
   */
  public static float expSum(float[] x, int from, int n, float max, float[] lanes) {
    return VECTOR
        ? VectorSoftmax.expSum(x, from, n, max, lanes)
        : ScalarAttention.expSum(x, from, n, max, lanes);
  }

  /** The exponential that {@link #expSum} uses. */
  public static float exp(float x) {
    return ScalarExp.exp(x);
  }

  /** Multiplies n values by a factor. */
  public static void scale(float[] x, int from, int n, float factor) {
    for (int i = 0; i < n; i++) {
      x[from + i] *= factor;
    }
  }
}
