package io.millrace.engine.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16Test {

  private static float rounded(float x) {
    return Bfloat16.toFloat(Bfloat16.of(x));
  }

  @Test
  void shouldRoundToTheNearestAndTiesToEven() {
    float step = 0x1p-7f;
    assertThat(rounded(1 + 0.49f * step)).isEqualTo(1f);
    assertThat(rounded(1 + 0.51f * step)).isEqualTo(1 + step);
    assertThat(rounded(1 + 0.5f * step)).isEqualTo(1f);
    assertThat(rounded(1 + 1.5f * step)).isEqualTo(1 + 2 * step);
    assertThat(rounded(-1 - 1.5f * step)).isEqualTo(-1 - 2 * step);
    // The carry reaches the exponent.
    assertThat(rounded(2 - 0.25f * step)).isEqualTo(2f);
  }

  @Test
  void shouldKeepWhatIsNotAnOrdinaryNumber() {
    assertThat(rounded(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(rounded(Float.NEGATIVE_INFINITY)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Float.floatToRawIntBits(rounded(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
    assertThat(rounded(0x1p-130f)).isEqualTo(0x1p-130f);
    // Fractions that vanish with the lower half, or carry over when they are rounded.
    for (int bits : new int[] {0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000}) {
      assertThat(rounded(Float.intBitsToFloat(bits))).isNaN();
    }
  }

  @Test
  void shouldNeverBeFurtherThanHalfAStep() {
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      float x = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 20));
      assertThat(Math.abs(rounded(x) - x)).isLessThanOrEqualTo(Math.abs(x) * 0x1p-8f);
    }
  }

  @Test
  void shouldWidenEveryValueExactlyWithVectorsToo() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    float[] vector = new float[all.length + 3];
    float[] scalar = new float[all.length + 3];
    VectorBfloat16.widen(all, 0, all.length, vector, 3);
    Bfloat16.widenScalar(all, 0, all.length, scalar, 3);
    for (int i = 0; i < vector.length; i++) {
      assertThat(Float.floatToRawIntBits(vector[i])).isEqualTo(Float.floatToRawIntBits(scalar[i]));
    }
    assertThat(Float.floatToRawIntBits(vector[3 + 0x3f81])).isEqualTo(0x3f810000);
  }
}
