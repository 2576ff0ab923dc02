package io.millrace.engine.model;

import java.io.IOException;

/** A checkpoint or a prepared model is broken or of a kind that is not supported. */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelFormatException(String message) {
    super(message);
  }

  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
