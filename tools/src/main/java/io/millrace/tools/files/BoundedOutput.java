package io.millrace.tools.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Keeps what is written up to a bound, and refuses what is more. */
final class BoundedOutput extends OutputStream {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int limit;
  private final String what;

  /**
   * @param what is written, for the error
   */
  BoundedOutput(int limit, String what) {
    this.limit = limit;
    this.what = what;
  }

  @Override
  public void write(int b) throws IOException {
    room(1);
    bytes.write(b);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    room(length);
    bytes.write(source, offset, length);
  }

  private void room(int more) throws IOException {
    if (more > limit - bytes.size()) {
      throw new BrokenFileException(
          what + " becomes more than " + limit + " bytes when it is unpacked");
    }
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
