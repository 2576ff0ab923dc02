package io.millrace.tools.cli;

import io.millrace.tools.cli.bench.BenchCommand;
import io.millrace.tools.cli.eval.EvalCommand;
import io.millrace.tools.cli.model.ModelCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command {@code millrace}. Every subcommand is a class of its own in this package; exit codes
 * are 0 for success, 1 for a failure and 2 for a wrong command line.
 */
@Command(
    name = "millrace",
    description =
        "Exactly-once LLM inference in Apache Flink on ONNX Runtime, from Kafka to Kafka.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = VersionProvider.class,
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      SendCommand.class,
      TailCommand.class,
      GenerateCommand.class,
      SummarizeCommand.class,
      EvalCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      ModelCommand.class,
      TokenizeCommand.class,
      LogitsCommand.class,
    })
public final class MillraceCli implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an error.")
  private boolean verbose;

  /** The command line with its error handling; tests execute it in place. */
  public static CommandLine commandLine() {
    MillraceCli cli = new MillraceCli();
    return new CommandLine(cli)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new OneLineErrors(() -> cli.verbose));
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Without a subcommand there is nothing to do: show what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
