package io.millrace.engine.prepare.tensors;

import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A floating point tensor of one or two dimensions in a safetensors file. */
public final class SafetensorsMatrix implements MatrixSource {

  private static final int BUFFER_BYTES = 1 << 20;

  private final SafetensorsFile file;
  private final SafetensorsHeader.Entry entry;
  private final FloatFormat format;
  private final int rows;
  private final int columns;

  public SafetensorsMatrix(SafetensorsFile file, SafetensorsHeader.Entry entry)
      throws ModelFormatException {
    this.file = file;
    this.entry = entry;
    this.format = format(file, entry);
    long[] shape = entry.shape();
    boolean usable =
        (shape.length == 1 || shape.length == 2)
            && Arrays.stream(shape).allMatch(n -> n <= Integer.MAX_VALUE);
    if (!usable) {
      throw new ModelFormatException(
          "%s: tensor %s has shape %s, expected a vector or a matrix"
              .formatted(file.path(), entry.name(), Arrays.toString(shape)));
    }
    rows = (int) shape[0];
    columns = shape.length == 2 ? (int) shape[1] : 1;
  }

  private static FloatFormat format(SafetensorsFile file, SafetensorsHeader.Entry entry)
      throws ModelFormatException {
    for (FloatFormat format : FloatFormat.values()) {
      if (format.name().equals(entry.dtype())) {
        return format;
      }
    }
    throw new ModelFormatException(
        "%s: tensor %s has dtype %s, supported are %s: convert the checkpoint to one of them"
            .formatted(
                file.path(), entry.name(), entry.dtype(), Arrays.toString(FloatFormat.values())));
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void read(int first, int count, float[] into, int offset, int stride) throws IOException {
    long position = (long) first * columns * format.bytes();
    long end = position + (long) count * columns * format.bytes();
    ByteBuffer buffer =
        ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - position))
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
    for (int row = 0; row < count; row++) {
      int column = 0;
      while (column < columns) {
        if (!buffer.hasRemaining()) {
          buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
          file.read(entry, position, buffer);
          position += buffer.position();
          buffer.flip();
        }
        int elements = Math.min(columns - column, buffer.remaining() / format.bytes());
        format.decode(buffer, elements, into, offset + row * stride + column);
        column += elements;
      }
    }
  }
}
