package io.millrace.engine;

/** The engine is closed or has failed as a whole; no request is to blame, another engine is due. */
public final class EngineStoppedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public EngineStoppedException(String message) {
    this(message, null);
  }

  public EngineStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
