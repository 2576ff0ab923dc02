package io.millrace.job.cli;

import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Prints a failed command's reason in one line, and its stack trace where --verbose asks for it.
 */
final class OneLineErrors implements IExecutionExceptionHandler {

  private final BooleanSupplier verbose;

  OneLineErrors(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(command.getColorScheme().errorText(name + ": " + describe(error)).toString());
    if (verbose.getAsBoolean()) {
      error.printStackTrace(command.getErr());
    }
    return ExitCode.SOFTWARE;
  }

  /** The outermost message; the causes' messages follow where they say something new. */
  static String describe(Throwable error) {
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
    String message = error.getMessage();
    // The message of an exception about a file or a class is often only its name.
    boolean bare = message == null || message.isBlank() || !message.strip().contains(" ");
    String text =
        bare ? error.getClass().getSimpleName() + (message == null ? "" : " " + message) : message;
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
