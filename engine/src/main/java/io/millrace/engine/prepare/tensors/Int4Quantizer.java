package io.millrace.engine.prepare.tensors;

import static io.millrace.engine.model.Int4Layout.BLOCK;

import io.millrace.engine.model.Int4Layout;

/**
 * Block-wise 4-bit quantisation: {@code value = (q - 8) * scale} with q in [0, 15]. The scale maps
 * the value of largest magnitude to -8, the end of the range that has one step more.
 */
public final class Int4Quantizer {

  private static final int ZERO = 8;

  private Int4Quantizer() {}

  /**
   * Quantises one row; values missing in its last block count as zeros.
   *
   * @param into receives {@link Int4Layout#BLOCK} / 2 bytes per block, from {@code intoOffset}
   * @param scales receives the scale of each block, from {@code scalesOffset}
   * @throws ArithmeticException if a value is infinite or not a number
   */
  public static void quantize(
      float[] from,
      int offset,
      int length,
      byte[] into,
      int intoOffset,
      float[] scales,
      int scalesOffset) {
    for (int block = 0; block < Int4Layout.blocks(length); block++) {
      int first = offset + block * BLOCK;
      int end = Math.min(first + BLOCK, offset + length);
      float scale = scale(from, first, end);
      scales[scalesOffset + block] = scale;
      for (int i = 0; i < BLOCK; i += 2) {
        int low = quantize(from, first + i, end, scale);
        int high = quantize(from, first + i + 1, end, scale);
        into[intoOffset++] = (byte) (low | high << 4);
      }
    }
  }

  private static float scale(float[] from, int first, int end) {
    float extreme = 0;
    for (int i = first; i < end; i++) {
      if (!Float.isFinite(from[i])) {
        throw new ArithmeticException("a weight is " + from[i]);
      }
      if (Math.abs(from[i]) > Math.abs(extreme)) {
        extreme = from[i];
      }
    }
    float scale = extreme / -ZERO;
    // Next to nothing: a denormal scale would lose its own precision.
    return Math.abs(scale) < Float.MIN_NORMAL ? 0 : scale;
  }

  private static int quantize(float[] from, int i, int end, float scale) {
    if (i >= end || scale == 0) {
      return ZERO;
    }
    double q = Math.rint((double) from[i] / scale) + ZERO;
    return (int) Math.max(0, Math.min(15, q));
  }
}
