package io.millrace.tools.cli.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace model ..}: what there is to do with prepared models. */
@Command(
    name = "model",
    description = "Prepares models and describes them.",
    subcommands = {ModelBuildCommand.class, ModelRandomCommand.class, ModelShowCommand.class})
public final class ModelCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name one of build, random and show.");
  }
}
