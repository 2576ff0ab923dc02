package io.millrace.tools.cli.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code millrace bench ..}: measuring speed and memory. */
@Command(
    name = "bench",
    description = "Measures the engine's speed and memory.",
    subcommands = {
      BenchEngineCommand.class,
      BenchSoakCommand.class,
      BenchPrefixCommand.class,
      BenchDraftsCommand.class,
      BenchTenantsCommand.class,
      BenchDocumentsCommand.class
    })
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Name what to measure: engine, soak, prefix, drafts, tenants or documents.");
  }
}
