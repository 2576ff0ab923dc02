package io.millrace.engine.runtime.kernel;

/** Kernels over one row of activations, without the Vector API; same bits as {@link VectorRows}. */
final class ScalarRows {
  /** 1.5 * 2^23, whose neighbours are one apart, plus the zero point: adding it rounds. */
  static final float QUANTISE = 12582912f + 128f;

  private ScalarRows() {}

  static float sumOfSquares(float[] x, int from, int n) {
    float[] lanes = new float[Lanes.COUNT];
    for (int i = 0; i < n; i++) {
      float v = x[from + i];
      lanes[i & 15] = Math.fma(v, v, lanes[i & 15]);
    }
    return Lanes.sum(lanes);
  }

  static float maxAbs(float[] x, int from, int n) {
    float max = 0f;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, Math.abs(x[from + i]));
    }
    return max;
  }

  static void quantise(float[] x, int from, int n, float inverseScale, byte[] into) {
    quantiseFrom(0, x, from, n, inverseScale, into);
  }

  static void quantiseFrom(int start, float[] x, int from, int n, float inverseScale, byte[] into) {
    for (int i = start; i < n; i++) {
      into[i] = (byte) Float.floatToRawIntBits(Math.fma(x[from + i], inverseScale, QUANTISE));
    }
  }

  static void rescale(int[] y, int n, float rowScale, float[] columnScale, float[] into) {
    rescaleFrom(0, y, n, rowScale, columnScale, into);
  }

  static void rescaleFrom(
      int start, int[] y, int n, float rowScale, float[] columnScale, float[] into) {
    for (int i = start; i < n; i++) {
      into[i] = (float) y[i] * (rowScale * columnScale[i]);
    }
  }

  static void siluMultiply(float[] gateUp, int n, float[] into) {
    siluMultiplyFrom(0, gateUp, n, into);
  }

  static void siluMultiplyFrom(int start, float[] gateUp, int n, float[] into) {
    for (int i = start; i < n; i++) {
      float gate = gateUp[i];
      into[i] = gate / (1f + ScalarExp.exp(-gate)) * gateUp[n + i];
    }
  }

  static void rescaleAddFrom(
      int start, int[] y, int n, float rowScale, float[] columnScale, float[] into, int intoFrom) {
    for (int i = start; i < n; i++) {
      into[intoFrom + i] += (float) y[i] * (rowScale * columnScale[i]);
    }
  }

  static void rescaleSiluMultiplyFrom(
      int start, int[] gateUp, int n, float rowScale, float[] columnScale, float[] into) {
    for (int i = start; i < n; i++) {
      float gate = (float) gateUp[i] * (rowScale * columnScale[i]);
      float up = (float) gateUp[n + i] * (rowScale * columnScale[n + i]);
      into[i] = gate / (1f + ScalarExp.exp(-gate)) * up;
    }
  }
}
