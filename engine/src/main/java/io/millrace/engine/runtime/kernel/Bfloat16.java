package io.millrace.engine.runtime.kernel;

/** The upper half of a float's bits: its range, 8 bits of its precision. */
public final class Bfloat16 {
  private static final boolean VECTOR = VectorModule.present() && VectorBfloat16.SUPPORTED;

  private Bfloat16() {}

  /** The nearest value; of two equally near ones the even one. NaN stays NaN. */
  public static short of(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      // Rounding could carry into the exponent and the sign; the bit keeps the fraction from zero.
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }

  public static float toFloat(short x) {
    return Float.intBitsToFloat(x << 16);
  }

  /** Widens n values, exactly; n is a multiple of 16. */
  public static void widen(short[] x, int from, int n, float[] into, int intoFrom) {
    if (VECTOR) {
      VectorBfloat16.widen(x, from, n, into, intoFrom);
    } else {
      widenScalar(x, from, n, into, intoFrom);
    }
  }

  static void widenScalar(short[] x, int from, int n, float[] into, int intoFrom) {
    for (int i = 0; i < n; i++) {
      into[intoFrom + i] = toFloat(x[from + i]);
    }
  }
}
