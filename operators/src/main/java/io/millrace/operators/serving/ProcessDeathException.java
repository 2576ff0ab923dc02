package io.millrace.operators.serving;

/** A prompt was in the engine each time when its process was killed or died of a native fault. */
final class ProcessDeathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProcessDeathException(int deaths) {
    super(message(deaths));
  }

  static String message(int deaths) {
    return "the process of the engine died " + deaths + " times with this prompt in it";
  }
}
