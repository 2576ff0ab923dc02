package io.millrace.engine.runtime;

/** The native runtime refused or failed. */
public final class RuntimeFailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RuntimeFailureException(String message, Throwable cause) {
    super(message, cause);
  }
}
