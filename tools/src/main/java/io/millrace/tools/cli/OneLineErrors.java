package io.millrace.tools.cli;

import io.millrace.job.config.Reasons;
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
        .println(command.getColorScheme().errorText(name + ": " + Reasons.of(error)).toString());
    if (verbose.getAsBoolean()) {
      error.printStackTrace(command.getErr());
    }
    return ExitCode.SOFTWARE;
  }
}
