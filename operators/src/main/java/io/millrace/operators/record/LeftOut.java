package io.millrace.operators.record;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** What is said of bytes that no dead letter has room for: how many they were, and their hash. */
public final class LeftOut {
  private LeftOut() {}

  /** Both of a record, as in "key of 3 bytes (SHA-256 ..), no value". */
  public static String record(byte[] key, byte[] value) {
    return part("key", key) + ", " + part("value", value);
  }

  /**
   * @param bytes null where there are none
   */
  static String part(String name, ByteBuffer bytes) {
    return bytes == null
        ? "no " + name
        : name + " of " + bytes.remaining() + " bytes (SHA-256 " + sha256(bytes) + ")";
  }

  private static String part(String name, byte[] bytes) {
    return part(name, bytes == null ? null : ByteBuffer.wrap(bytes));
  }

  /** In hexadecimal. */
  static String sha256(ByteBuffer bytes) {
    var digest = Digests.sha256();
    digest.update(bytes.duplicate());
    return HexFormat.of().formatHex(digest.digest());
  }
}
