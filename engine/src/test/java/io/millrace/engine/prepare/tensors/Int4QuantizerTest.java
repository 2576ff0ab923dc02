package io.millrace.engine.prepare.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Int4Layout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int4QuantizerTest {
  private static final int BLOCK = Int4Layout.BLOCK;

  private static int[] quantise(float[] row, float[] scales) {
    byte[] bytes = new byte[Int4Layout.blocks(row.length) * BLOCK / 2];
    Int4Quantizer.quantize(row, 0, row.length, bytes, 0, scales, 0);
    int[] q = new int[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      q[2 * i] = bytes[i] & 15;
      q[2 * i + 1] = bytes[i] >> 4 & 15;
    }
    return q;
  }

  @Test
  void shouldErrByHalfAScaleOrByOneWhereTheShorterEndCuts() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      float size = (float) Math.pow(10, random.nextInt(40) - 30);
      float[] row = new float[3 * BLOCK + 7];
      for (int i = 0; i < row.length; i++) {
        row[i] = size * (float) random.nextGaussian();
      }
      float[] scales = new float[4];
      int[] q = quantise(row, scales);
      for (int i = 0; i < row.length; i++) {
        double scale = scales[i / BLOCK];
        double bound = (q[i] == 15 ? 1 : 0.5) * Math.abs(scale) * (1 + 1e-4);
        assertThat(Math.abs(row[i] - (q[i] - 8) * scale)).isLessThanOrEqualTo(bound);
      }
    }
  }

  @Test
  void shouldGiveTheLargestTheLongerEnd() {
    float[] row = new float[2 * BLOCK];
    row[0] = 4f;
    row[1] = -3.9f;
    row[2] = 1f;
    row[BLOCK] = -4f;
    row[BLOCK + 1] = 3.9f;
    float[] scales = new float[2];
    int[] q = quantise(row, scales);
    assertThat(scales).containsExactly(-0.5f, 0.5f);
    assertThat(Arrays.copyOf(q, 4)).containsExactly(0, 15, 6, 8);
    assertThat(Arrays.copyOfRange(q, BLOCK, BLOCK + 2)).containsExactly(0, 15);
  }

  @Test
  void shouldRoundHalfToEven() {
    float[] row = {-8, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f};
    float[] scales = new float[1];
    int[] q = quantise(row, scales);
    assertThat(scales).containsExactly(1f);
    assertThat(Arrays.copyOf(q, 6)).containsExactly(0, 8, 10, 10, 8, 6);
  }

  @Test
  void shouldFillTheLastBlockAndBlocksOfZerosWithZero() {
    float[] scales = {1, 1};
    int[] q = quantise(Arrays.copyOf(new float[] {0, -0f, Float.MIN_VALUE}, BLOCK + 3), scales);
    assertThat(scales).containsOnly(0f);
    assertThat(q).hasSize(2 * BLOCK).containsOnly(8);
  }

  @Test
  void shouldRefuseWhatIsNotANumber() {
    for (float broken : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> quantise(new float[] {1, broken}, new float[1]))
          .isInstanceOf(ArithmeticException.class);
    }
  }
}
