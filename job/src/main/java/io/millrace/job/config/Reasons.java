package io.millrace.job.config;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Tells in one line why something failed. */
public final class Reasons {

  private Reasons() {}

  /** The outermost message; the causes' messages follow where they say something new. */
  public static String of(Throwable error) {
    StringBuilder line = new StringBuilder(message(error));
    for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
      String more = message(cause);
      if (line.indexOf(more) < 0) {
        line.append(": ").append(more);
      }
    }
    return line.toString();
  }

  private static String message(Throwable error) {
    String message =
        error instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : error.getMessage();
    // The message of an exception about a file or a class is often only its name.
    boolean bare = message == null || message.isBlank() || !message.strip().contains(" ");
    String text =
        bare ? error.getClass().getSimpleName() + (message == null ? "" : " " + message) : message;
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
