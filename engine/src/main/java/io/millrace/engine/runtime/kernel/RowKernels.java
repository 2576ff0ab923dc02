package io.millrace.engine.runtime.kernel;

/**
 * Kernels over one row of activations. The choice between vector and scalar code is a constant to
 * the compiler; both give the same bits.
 */
public final class RowKernels {
  private static final boolean VECTOR = VectorModule.present();

  private RowKernels() {}

  /** {@code into = x / rms(x) * weight}. */
  public static void rmsNorm(
      float[] x, int from, int n, float[] weight, double epsilon, float[] into, int intoFrom) {
    float squares =
        VECTOR ? VectorRows.sumOfSquares(x, from, n) : ScalarRows.sumOfSquares(x, from, n);
    float scale = (float) (1.0 / Math.sqrt((double) squares / n + epsilon));
    for (int i = 0; i < n; i++) {
      into[intoFrom + i] = x[from + i] * scale * weight[i];
    }
  }

  /** Adds a row to another. */
  public static void add(float[] x, int n, float[] into, int intoFrom) {
    for (int i = 0; i < n; i++) {
      into[intoFrom + i] += x[i];
    }
  }

  /**
   * Rounds a row to unsigned bytes around zero point 128.
   *
   * @return the row's scale: {@code x} is about {@code (byte - 128) * scale}; 0 for a row of zeros
   */
  public static float quantise(float[] x, int from, int n, byte[] into) {
    float max = VECTOR ? VectorRows.maxAbs(x, from, n) : ScalarRows.maxAbs(x, from, n);
    // Below this, 127 / max would overflow: such a row is as good as zero.
    float inverseScale = max < 1e-30f ? 0f : 127f / max;
    if (VECTOR) {
      VectorRows.quantise(x, from, n, inverseScale, into);
    } else {
      ScalarRows.quantise(x, from, n, inverseScale, into);
    }
    return max < 1e-30f ? 0f : max / 127f;
  }

  /** {@code into = y * rowScale * columnScale}. */
  public static void rescale(int[] y, int n, float rowScale, float[] columnScale, float[] into) {
    if (VECTOR) {
      VectorRows.rescale(y, n, rowScale, columnScale, into);
    } else {
      ScalarRows.rescale(y, n, rowScale, columnScale, into);
    }
  }

  /** Adds {@code y * rowScale * columnScale} to a row. */
  public static void rescaleAdd(
      int[] y, int n, float rowScale, float[] columnScale, float[] into, int intoFrom) {
    if (VECTOR) {
      VectorRows.rescaleAdd(y, n, rowScale, columnScale, into, intoFrom);
    } else {
      ScalarRows.rescaleAddFrom(0, y, n, rowScale, columnScale, into, intoFrom);
    }
  }

  /**
   * Rescales and combines in one pass: {@code into[i] = silu(gateUp[i]) * gateUp[n + i]}, each of
   * them times rowScale and its columnScale.
   */
  public static void rescaleSiluMultiply(
      int[] gateUp, int n, float rowScale, float[] columnScale, float[] into) {
    if (VECTOR) {
      VectorRows.rescaleSiluMultiply(gateUp, n, rowScale, columnScale, into);
    } else {
      ScalarRows.rescaleSiluMultiplyFrom(0, gateUp, n, rowScale, columnScale, into);
    }
  }

  /** {@code into[i] = silu(gateUp[i]) * gateUp[n + i]}. */
  public static void siluMultiply(float[] gateUp, int n, float[] into) {
    if (VECTOR) {
      VectorRows.siluMultiply(gateUp, n, into);
    } else {
      ScalarRows.siluMultiply(gateUp, n, into);
    }
  }
}
