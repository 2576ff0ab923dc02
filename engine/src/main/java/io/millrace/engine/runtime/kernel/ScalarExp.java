package io.millrace.engine.runtime.kernel;

/** e to the x in float, good to about 1e-7 relative; the scalar twin of {@link VectorExp}. */
final class ScalarExp {
  static final float LOG2_E = 1.44269504f;
  static final float ROUND = 12582912f;
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  static final float C5 = 1.9875691500e-4f;
  static final float C4 = 1.3981999507e-3f;
  static final float C3 = 8.3334519073e-3f;
  static final float C2 = 4.1665795894e-2f;
  static final float C1 = 1.6666665459e-1f;
  static final float C0 = 5.0000001201e-1f;

  /** Below this the result is exactly zero. */
  static final float LOWEST = -87f;

  /** Above this the result is that of this value. */
  static final float HIGHEST = 88f;

  private ScalarExp() {}

  static float exp(float argument) {
    float x = argument > HIGHEST ? HIGHEST : argument;
    if (x < LOWEST) {
      return 0f;
    }
    float shifted = Math.fma(x, LOG2_E, ROUND);
    float power = shifted - ROUND;
    float r = Math.fma(power, -LN2_HIGH, x);
    r = Math.fma(power, -LN2_LOW, r);
    float y = Math.fma(r, C5, C4);
    y = Math.fma(y, r, C3);
    y = Math.fma(y, r, C2);
    y = Math.fma(y, r, C1);
    y = Math.fma(y, r, C0);
    y = Math.fma(y, r * r, r + 1f);
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(y) + (Float.floatToRawIntBits(shifted) << 23));
  }
}
