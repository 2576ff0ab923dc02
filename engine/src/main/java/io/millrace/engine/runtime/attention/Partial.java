package io.millrace.engine.runtime.attention;

import io.millrace.engine.runtime.kernel.AttentionKernels;
import java.util.Arrays;

/**
 * Attention of some query rows over a part of their context: per row the largest score, the sum of
 * the weights relative to it, and the sum of the weighted values.
 */
final class Partial {
  final float[] maxima;
  final float[] sums;
  final float[] outputs;
  private final int dim;

  Partial(int rows, int dim) {
    this.dim = dim;
    maxima = new float[rows];
    sums = new float[rows];
    outputs = new float[rows * dim];
  }

  void clear(int rows) {
    Arrays.fill(maxima, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, 0, rows, 0f);
    Arrays.fill(outputs, 0, rows * dim, 0f);
  }

  void copyFrom(Partial other, int rows) {
    System.arraycopy(other.maxima, 0, maxima, 0, rows);
    System.arraycopy(other.sums, 0, sums, 0, rows);
    System.arraycopy(other.outputs, 0, outputs, 0, rows * dim);
  }

  /** Takes in the part of the context that follows. */
  void add(Partial next, int rows) {
    for (int row = 0; row < rows; row++) {
      if (next.maxima[row] == Float.NEGATIVE_INFINITY) {
        continue; // The row sees nothing of that part.
      }
      float max = Math.max(maxima[row], next.maxima[row]);
      float own = AttentionKernels.exp(maxima[row] - max);
      float other = AttentionKernels.exp(next.maxima[row] - max);
      maxima[row] = max;
      sums[row] = sums[row] * own + next.sums[row] * other;
      for (int i = row * dim; i < (row + 1) * dim; i++) {
        outputs[i] = outputs[i] * own + next.outputs[i] * other;
      }
    }
  }
}
