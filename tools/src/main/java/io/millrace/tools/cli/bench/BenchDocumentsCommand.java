package io.millrace.tools.cli.bench;

import io.millrace.job.Settings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.tools.bench.DocumentBench;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace bench documents}: what the job leaves of the engine's speed. */
@Command(
    name = "documents",
    description = {
      "Summarises documents through the whole job, and gives the same prompts to the engine alone.",
      "In the row engine it gets those that combine partial summaries when these are there, as in"
          + " the job; in the row at once it has all from the beginning. Tokens are those of prompts"
          + " and answers. Flink's start and end count only where it says so: all else is of the"
          + " time from the first prompt to the last answer."
    })
final class BenchDocumentsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Documents, as of millrace summarize.")
  private List<Path> paths;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A prepared model: short for --set model.directory=DIR.")
  private Path model;

  @Option(
      names = "--draft-tokens",
      split = ",",
      paramLabel = "N",
      defaultValue = "0,8",
      description = "Lengths of drafts to compare (default: ${DEFAULT-VALUE}).")
  private List<Integer> draftTokens;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Runs of each, of which the median is shown (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    Map<String, String> chosen = new LinkedHashMap<>();
    if (model != null) {
      chosen.put(EngineSettings.MODEL_DIRECTORY.key(), model.toString());
    }
    chosen.putAll(settings.values());
    print(
        new DocumentBench(MillraceConfig.of(chosen), paths, spec.commandLine().getErr())
            .run(draftTokens, runs));
    return 0;
  }

  private void print(List<DocumentBench.Round> rounds) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "drafts      way  prompts  prompt tokens  new tokens    steps  seconds  tokens/s  new/s");
    for (DocumentBench.Round round : rounds) {
      row(out, round.draftTokens(), "at once", round.engine());
      row(out, round.draftTokens(), "engine", round.staged());
      row(out, round.draftTokens(), "job", round.job());
      out.printf(
          "%6d  the job keeps %.1f %% of the engine's tokens/s, %.1f %% of those with all at once%n",
          round.draftTokens(), 100 * round.keptStaged(), 100 * round.kept());
      out.printf(
          "%6d  with its start and end it takes %.1f s, %.1f documents/min%n",
          round.draftTokens(), round.jobSeconds(), round.documentsPerMinute());
    }
    out.flush();
  }

  private static void row(PrintWriter out, int drafts, String way, DocumentBench.Work work) {
    out.printf(
        "%6d  %7s %8d %14d %11d %8d %8.1f %9.1f %6.1f%n",
        drafts,
        way,
        work.prompts(),
        work.promptTokens(),
        work.newTokens(),
        work.steps(),
        work.seconds(),
        work.tokensPerSecond(),
        work.newTokens() / work.seconds());
  }
}
