package io.millrace.engine.prepare.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8QuantizerTest {

  @Test
  void shouldErrByHalfAScaleAtMost() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      float size = (float) Math.pow(10, random.nextInt(40) - 30);
      float[] row = new float[100];
      for (int i = 0; i < row.length; i++) {
        row[i] = size * (float) random.nextGaussian();
      }
      byte[] q = new byte[row.length];
      float scale = Int8Quantizer.quantize(row, 0, row.length, q, 0);
      for (int i = 0; i < row.length; i++) {
        assertThat(Math.abs((double) row[i] - (double) q[i] * scale))
            .isLessThanOrEqualTo(0.5 * scale * (1 + 1e-4));
        assertThat(q[i]).isGreaterThanOrEqualTo((byte) -127);
      }
    }
  }

  @Test
  void shouldRoundHalfToEven() {
    float[] row = {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -126.5f};
    byte[] q = new byte[row.length];
    assertThat(Int8Quantizer.quantize(row, 0, row.length, q, 0)).isEqualTo(1f);
    assertThat(q).containsExactly(127, 0, 2, 2, 0, -2, -126);
  }

  @Test
  void shouldUseTheWholeRangeOnBothSides() {
    byte[] q = new byte[3];
    float scale = Int8Quantizer.quantize(new float[] {9, -2, 2, 0.1f}, 1, 3, q, 0);
    assertThat(q).containsExactly(-127, 127, 6);
    assertThat(scale).isEqualTo(2f / 127);
  }

  @Test
  void shouldKeepARowOfZeros() {
    byte[] q = {1, 1, 1};
    assertThat(Int8Quantizer.quantize(new float[] {0, -0f, Float.MIN_VALUE}, 0, 3, q, 0))
        .isEqualTo(1f);
    assertThat(q).containsOnly(0);
  }

  @Test
  void shouldRefuseWhatIsNotANumber() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(
              () -> Int8Quantizer.quantize(new float[] {1, broken}, 0, 2, new byte[2], 0))
          .isInstanceOf(ArithmeticException.class);
    }
  }
}
