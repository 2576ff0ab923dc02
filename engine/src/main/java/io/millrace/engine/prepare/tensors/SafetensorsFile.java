package io.millrace.engine.prepare.tensors;

import io.millrace.engine.model.ModelFormatException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** An open safetensors file; its tensors are read piece by piece and never held. */
public final class SafetensorsFile implements Closeable {

  private static final int LENGTH_BYTES = 8;

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;
  private final long dataStart;

  private SafetensorsFile(
      Path path, FileChannel channel, SafetensorsHeader header, long dataStart) {
    this.path = path;
    this.channel = channel;
    this.header = header;
    this.dataStart = dataStart;
  }

  public static SafetensorsFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw new ModelFormatException(
            path + ": " + size + " bytes are no safetensors file: truncated?");
      }
      ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      readFully(path, channel, length, 0);
      long headerLength = length.getLong(0);
      if (headerLength < 2 || headerLength > SafetensorsHeader.MAX_LENGTH) {
        throw new ModelFormatException(
            "%s: a header of %s bytes (2 to %d are allowed): not a safetensors file?"
                .formatted(
                    path, Long.toUnsignedString(headerLength), SafetensorsHeader.MAX_LENGTH));
      }
      long dataStart = LENGTH_BYTES + headerLength;
      if (dataStart > size) {
        throw new ModelFormatException(
            "%s: the header needs %d bytes and the file has %d: truncated?"
                .formatted(path, dataStart, size));
      }
      byte[] json = new byte[(int) headerLength];
      readFully(path, channel, ByteBuffer.wrap(json), LENGTH_BYTES);
      SafetensorsHeader header = SafetensorsHeader.parse(path.toString(), json, size - dataStart);
      return new SafetensorsFile(path, channel, header, dataStart);
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  public Path path() {
    return path;
  }

  public Map<String, SafetensorsHeader.Entry> tensors() {
    return header.tensors();
  }

  /** Fills the buffer from a tensor's bytes, starting {@code offset} bytes into it. */
  void read(SafetensorsHeader.Entry tensor, long offset, ByteBuffer into) throws IOException {
    readFully(path, channel, into, dataStart + tensor.begin() + offset);
  }

  private static void readFully(Path path, FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw new ModelFormatException(
            path + ": ends at byte " + position + ": truncated while it was read?");
      }
      position += read;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
