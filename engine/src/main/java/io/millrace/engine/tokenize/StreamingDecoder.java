package io.millrace.engine.tokenize;

/**
 * Turns ids into text one at a time without ever emitting half a character: the bytes of one that
 * is incomplete at the end are left out. Not thread-safe.
 */
@FunctionalInterface
public interface StreamingDecoder {

  /**
   * The text that this id completes; empty while a character is still incomplete. Bytes that can't
   * become a character any more are U+FFFD.
   */
  String next(int id);
}
