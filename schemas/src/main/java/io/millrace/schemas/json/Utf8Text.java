package io.millrace.schemas.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Reads bytes as UTF-8 and as nothing else; a byte order mark at their beginning is left out. */
public final class Utf8Text {
  private static final int BOM_BYTES = 3;

  private Utf8Text() {}

  /**
   * @param name what the bytes came from, for the error
   * @throws IllegalArgumentException if they are no UTF-8; the message names the line and what the
   *     bytes seem to be
   */
  public static String decode(byte[] bytes, String name) {
    if (looksLikeUtf16(bytes)) {
      throw new IllegalArgumentException(
          name + " is UTF-16, not UTF-8: convert it, as with iconv -f UTF-16 -t UTF-8");
    }
    int start = startsWithBom(bytes) ? BOM_BYTES : 0;
    ByteBuffer in = ByteBuffer.wrap(bytes, start, bytes.length - start);
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(bytes.length - start);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw notUtf8(bytes, in.position(), name);
    }
    return out.flip().toString();
  }

  private static boolean startsWithBom(byte[] bytes) {
    return bytes.length >= BOM_BYTES
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  /** A byte order mark of UTF-16, or a zero byte in the first character, which is ASCII in JSON. */
  private static boolean looksLikeUtf16(byte[] bytes) {
    if (bytes.length < 2) {
      return false;
    }
    int first = (bytes[0] & 0xFF) << Byte.SIZE | bytes[1] & 0xFF;
    return first == 0xFEFF || first == 0xFFFE || bytes[0] == 0 ^ bytes[1] == 0;
  }

  private static IllegalArgumentException notUtf8(byte[] bytes, int position, String name) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      if (bytes[i] == '\n') {
        line++;
      }
    }
    return new IllegalArgumentException(
        "%s:%d: not UTF-8 text at byte %d, 0x%02x: if it is Latin-1, convert it, as with"
                .formatted(name, line, position, bytes[position])
            + " iconv -f LATIN1 -t UTF-8");
  }
}
