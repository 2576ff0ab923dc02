package io.millrace.tools.cli.eval;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace eval ..}: measuring a model's answers. */
@Command(
    name = "eval",
    description = "Makes a model's answers to a data set, for measuring them.",
    subcommands = {EvalAnswersCommand.class, EvalSummariesCommand.class, EvalContextCommand.class})
public final class EvalCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Name what to evaluate: answers, summaries or context.");
  }
}
