package io.millrace.engine.prepare.tensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.prepare.WholeSafetensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class FloatFormatTest {

  @Test
  void shouldDecodeEveryHalfExactly() {
    float[] decoded = decode(FloatFormat.F16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      // Compares NaN and the sign of zero, too.
      assertThat(Float.floatToIntBits(decoded[bits]))
          .as("half 0x%04x", bits)
          .isEqualTo(Float.floatToIntBits(WholeSafetensors.half((short) bits)));
    }
  }

  @Test
  void shouldDecodeEveryBfloat16AsTheUpperHalfOfAFloat() {
    float[] decoded = decode(FloatFormat.BF16);
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertThat(Float.floatToRawIntBits(decoded[bits]) >>> 16).isEqualTo(bits);
    }
    assertThat(decoded[0x3f80]).isEqualTo(1f);
    assertThat(decoded[0xc049]).isEqualTo(-3.140625f);
  }

  private static float[] decode(FloatFormat format) {
    ByteBuffer bytes = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 1 << 16; bits++) {
      bytes.putShort((short) bits);
    }
    float[] into = new float[1 << 16];
    format.decode(bytes.flip(), into.length, into, 0);
    assertThat(bytes.remaining()).isZero();
    return into;
  }
}
