package io.millrace.tools.cli.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.tools.bench.DraftBench;
import io.millrace.tools.cli.options.EngineArguments;
import io.millrace.tools.eval.EvalConversation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace bench drafts}: what guessing tokens saves, or costs. */
@Command(
    name = "drafts",
    description = {
      "Decodes the same answers without drafts and with them.",
      "Greedy answers to the first turns of a file's conversations; without a file sampled ones to"
          + " random prompts, which hardly ever repeat anything: what drafts cost then."
    })
final class BenchDraftsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private EngineArguments engineArguments;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "A conversation a line, as of millrace eval answers.")
  private Path data;

  @Option(
      names = "--draft-tokens",
      paramLabel = "N",
      defaultValue = "8",
      description = "Tokens of a draft at most (default: ${DEFAULT-VALUE}).")
  private int draftTokens;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many answers are decoded together (default: ${DEFAULT-VALUE}).")
  private int sequences;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "256",
      description = "Without --data: tokens of each prompt (default: ${DEFAULT-VALUE}).")
  private int context;

  @Option(
      names = "--new-tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens of an answer at most (default: ${DEFAULT-VALUE}).")
  private int newTokens;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, of which the median is shown (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Override
  public Integer call() throws IOException {
    try (Engine engine = engineArguments.open(sequences)) {
      DraftBench bench = new DraftBench(engine);
      List<int[]> prompts =
          data == null
              ? bench.random(sequences, context)
              : bench.firstTurns(EvalConversation.read(data), newTokens);
      SamplingParameters sampling =
          SamplingParameters.builder()
              .temperature(data == null ? 1 : 0)
              .ignoreEos(data == null)
              .maxNewTokens(newTokens)
              .build();
      print(bench.compare(prompts, sampling, draftTokens, runs));
    }
    return 0;
  }

  private void print(List<DraftBench.Run> compared) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("  draft   tokens    steps  drafted accepted  tokens/s");
    for (DraftBench.Run run : compared) {
      out.printf(
          "%7d %8d %8d %8d %8d %9.1f%n",
          run.draftTokens(),
          run.tokens(),
          run.steps(),
          run.drafted(),
          run.accepted(),
          run.tokensPerSecond());
    }
    out.flush();
  }
}
