package io.millrace.engine;

/** The engine is closed or has failed as a whole; whoever needs it opens another one. */
public final class EngineStoppedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final boolean suspect;

  public EngineStoppedException(String message) {
    this(message, null, false);
  }

  /**
   * @param suspect whether the engine was at work on the request that hears this
   */
  public EngineStoppedException(String message, Throwable cause, boolean suspect) {
    super(message, cause);
    this.suspect = suspect;
  }

  /** Whether the request may be what the engine failed of; there may be other suspects. */
  public boolean isSuspect() {
    return suspect;
  }
}
