package io.millrace.tools.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds out in what encoding a text is, and reads it strictly: never with replaced characters. */
final class TextEncoding {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final char BOM = '\uFEFF';

  private TextEncoding() {}

  /**
   * Reads plain text: UTF-8, or UTF-16 with or without a byte order mark.
   *
   * @throws BrokenFileException if it is neither
   */
  static String plain(byte[] bytes) throws BrokenFileException {
    return unicode(bytes)
        .or(() -> decode(bytes, StandardCharsets.UTF_8))
        .orElseThrow(
            () -> new BrokenFileException("it is not UTF-8: convert it, as with iconv -t UTF-8"));
  }

  /**
   * Reads HTML in the order of the WHATWG: byte order mark, what the page says of itself (but never
   * UTF-16, in which it could not say so), UTF-8 where it is valid, windows-1252. A page that is
   * not what it says is read as if it said nothing.
   *
   * @throws BrokenFileException if it is none of them
   */
  static String html(byte[] bytes) throws BrokenFileException {
    Optional<String> text = unicode(bytes);
    if (text.isEmpty()) {
      text = HtmlCharset.declared(bytes).flatMap(charset -> decode(bytes, charset));
    }
    if (text.isEmpty()) {
      text = decode(bytes, StandardCharsets.UTF_8);
    }
    if (text.isEmpty() && !isDamagedUtf8(bytes)) {
      text = decode(bytes, WINDOWS_1252);
    }
    return text.orElseThrow(
        () ->
            new BrokenFileException(
                "it is in none of UTF-8, windows-1252 and what it says of itself: convert it, as with"
                    + " iconv -t UTF-8"));
  }

  /** What has a byte order mark, or zero bytes, which only UTF-16 has. */
  private static Optional<String> unicode(byte[] bytes) throws BrokenFileException {
    Optional<String> text = Optional.empty();
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      text = decode(bytes, StandardCharsets.UTF_8);
    } else if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
      text = decode(bytes, StandardCharsets.UTF_16);
    } else if (hasZero(bytes)) {
      text = utf16(bytes);
    } else {
      return text;
    }
    if (text.isEmpty() || text.get().indexOf('\0') >= 0) {
      throw new BrokenFileException("it holds bytes that are no text in UTF-8 or UTF-16");
    }
    String whole = text.get();
    return Optional.of(!whole.isEmpty() && whole.charAt(0) == BOM ? whole.substring(1) : whole);
  }

  /** The byte order in which more characters are spaces, line ends and other ASCII. */
  private static Optional<String> utf16(byte[] bytes) {
    int[] zeros = new int[2];
    for (int i = 0; i < bytes.length; i++) {
      zeros[i & 1] += bytes[i] == 0 ? 1 : 0;
    }
    boolean little = zeros[1] > zeros[0];
    return decode(bytes, little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
  }

  /** Whether the bytes are UTF-8 for the most part: as windows-1252 all of it would be garbage. */
  private static boolean isDamagedUtf8(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    long wrong = text.chars().filter(c -> c == '\uFFFD').count();
    long right = text.codePoints().filter(c -> c > 0x7F && c != 0xFFFD).count();
    return right > wrong;
  }

  private static boolean hasZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> decode(byte[] bytes, Charset charset) {
    try {
      return Optional.of(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
