package io.millrace.operators.record;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes that are the same on every machine. */
public final class Digests {
  private Digests() {}

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
