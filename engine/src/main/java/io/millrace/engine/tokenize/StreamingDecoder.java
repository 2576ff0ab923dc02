package io.millrace.engine.tokenize;

/** Turns ids into text one at a time without ever emitting half a character. Not thread-safe. */
public interface StreamingDecoder {

  /** The text that this id completes; empty while a character is still incomplete. */
  String next(int id);

  /** What is left at the end: U+FFFD for an incomplete character, otherwise empty. */
  String flush();
}
