package io.millrace.engine.tokenize;

import java.io.IOException;

/** A checkpoint's tokenizer cannot be expressed as a ranks file that gives the same ids. */
public final class UnsupportedTokenizerException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnsupportedTokenizerException(String message) {
    super(message);
  }
}
