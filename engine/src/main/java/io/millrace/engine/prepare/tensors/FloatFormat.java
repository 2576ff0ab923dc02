package io.millrace.engine.prepare.tensors;

import java.nio.ByteBuffer;

/** The floating point types of checkpoints, by their names in safetensors headers. */
enum FloatFormat {
  F32(4) {
    @Override
    void decode(ByteBuffer from, int count, float[] into, int offset) {
      from.asFloatBuffer().get(into, offset, count);
      from.position(from.position() + 4 * count);
    }
  },
  F16(2) {
    @Override
    void decode(ByteBuffer from, int count, float[] into, int offset) {
      for (int i = 0; i < count; i++) {
        into[offset + i] = halfToFloat(from.getShort());
      }
    }
  },
  BF16(2) {
    @Override
    void decode(ByteBuffer from, int count, float[] into, int offset) {
      for (int i = 0; i < count; i++) {
        into[offset + i] = Float.intBitsToFloat(from.getShort() << 16);
      }
    }
  };

  private static final float SMALLEST_HALF = 0x1p-24f;

  private final int bytes;

  FloatFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  /** Reads {@code count} elements and moves the buffer's position behind them. */
  abstract void decode(ByteBuffer from, int count, float[] into, int offset);

  // Float.float16ToFloat came with JDK 20.
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SMALLEST_HALF));
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
