package io.millrace.engine.tokenize;

/**
 * The 256 printable characters that stand for bytes in the vocabulary of a byte-level BPE:
 * Latin-1's printable ones stand for themselves, the other bytes follow from U+0100 on in ascending
 * order.
 */
final class ByteLevelAlphabet {
  private static final int[] BYTE_OF = new int[0x100 + 0x100];

  static {
    java.util.Arrays.fill(BYTE_OF, -1);
    int next = 0x100;
    for (int b = 0; b < 0x100; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
      BYTE_OF[printable ? b : next++] = b;
    }
  }

  private ByteLevelAlphabet() {}

  /** The bytes of a token; null if it has a character that stands for none. */
  static byte[] bytes(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = token.charAt(i);
      if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
        return null;
      }
      bytes[i] = (byte) BYTE_OF[c];
    }
    return bytes;
  }
}
