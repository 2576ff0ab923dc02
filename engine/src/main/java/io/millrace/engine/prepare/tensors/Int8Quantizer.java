package io.millrace.engine.prepare.tensors;

import java.util.Arrays;

/**
 * Symmetric 8-bit quantisation of one row (one output channel): {@code value = q * scale} with q in
 * [-127, 127], rounded half to even.
 */
public final class Int8Quantizer {

  static final int MAX = 127;

  private Int8Quantizer() {}

  /**
   * @param into receives the quantised row, from {@code intoOffset}
   * @return the scale; 1 for a row of zeros
   * @throws ArithmeticException if a value is infinite or not a number
   */
  public static float quantize(float[] from, int offset, int length, byte[] into, int intoOffset) {
    float largest = 0;
    for (int i = 0; i < length; i++) {
      // max passes NaN on.
      largest = Math.max(largest, Math.abs(from[offset + i]));
    }
    if (!Float.isFinite(largest)) {
      throw new ArithmeticException("a weight is " + largest);
    }
    float scale = largest / MAX;
    if (scale < Float.MIN_NORMAL) {
      // Nothing or next to nothing: a denormal scale would lose its own precision.
      Arrays.fill(into, intoOffset, intoOffset + length, (byte) 0);
      return 1;
    }
    for (int i = 0; i < length; i++) {
      double q = Math.rint((double) from[offset + i] / scale);
      into[intoOffset + i] = (byte) Math.max(-MAX, Math.min(MAX, q));
    }
    return scale;
  }
}
