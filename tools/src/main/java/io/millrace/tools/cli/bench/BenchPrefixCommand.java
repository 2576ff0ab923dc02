package io.millrace.tools.cli.bench;

import io.millrace.engine.Engine;
import io.millrace.tools.bench.PrefixBench;
import io.millrace.tools.cli.options.EngineArguments;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace bench prefix}: what the prefix cache saves. */
@Command(
    name = "prefix",
    description = {
      "Measures what the prefix cache saves.",
      "The time until the first token of a second turn beside that of the first one, and how much is"
          + " computed where many conversations begin with one system prompt."
    })
final class BenchPrefixCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Option(
      names = "--history",
      paramLabel = "N",
      defaultValue = "4000",
      description = "Tokens of the first turn's prompt (default: ${DEFAULT-VALUE}).")
  private int history;

  @Option(
      names = "--conversations",
      paramLabel = "N",
      defaultValue = "100",
      description = "Conversations with one system prompt (default: ${DEFAULT-VALUE}).")
  private int conversations;

  @Option(
      names = "--system",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Tokens of that system prompt (default: ${DEFAULT-VALUE}).")
  private int system;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, of which the median is shown (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Engine engine = engineArguments.open()) {
      PrefixBench bench = new PrefixBench(engine);
      PrefixBench.Turns turns = bench.turns(history, runs);
      out.printf(
          "First turn, %d tokens: %.0f ms. Second turn, %d tokens computed: %.1f ms, %.1f %% of it.%n",
          history,
          turns.firstMillis(),
          turns.secondTokens(),
          turns.secondMillis(),
          100 * turns.ratio());
      PrefixBench.Shared shared = bench.shared(conversations, system, runs);
      out.printf(
          "%d conversations with one system prompt of %d tokens: %d of %d prompt tokens computed, %.0f ms.%n",
          conversations, system, shared.computedTokens(), shared.promptTokens(), shared.millis());
      out.flush();
    }
    return 0;
  }
}
