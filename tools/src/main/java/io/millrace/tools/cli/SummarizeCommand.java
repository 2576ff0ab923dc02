package io.millrace.tools.cli;

import io.millrace.engine.EngineOptions;
import io.millrace.job.Settings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.topology.JobEngine;
import io.millrace.tools.files.SummarizeRun;
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

/** {@code millrace summarize}: summaries of files, without Kafka. */
@Command(
    name = "summarize",
    description = {
      "Summarises text, Markdown, HTML and PDF files and ends when all are done.",
      "Writes a line of JSON per document, in the order of the paths. A run that was ended in the"
          + " middle, however it was, goes on where it stopped when it is started again."
    })
final class SummarizeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files, and directories to look for files in.")
  private List<Path> paths;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "Where the summaries go; standard output without it. Until all are done the work is kept"
              + " in FILE.work beside it, or in .millrace/summarize.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A prepared model: short for --set model.directory=DIR.")
  private Path model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; of conf/millrace.yaml those of documents, engine and model count.")
  private Path config;

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    MillraceConfig base = config == null ? MillraceConfig.defaults() : MillraceConfig.load(config);
    Map<String, String> chosen = new LinkedHashMap<>();
    if (model != null) {
      chosen.put(EngineSettings.MODEL_DIRECTORY.key(), model.toString());
    }
    chosen.putAll(settings.values());
    MillraceConfig all = base.with(chosen);
    EngineOptions engine = all.engineOptions();
    long start = System.nanoTime();
    SummarizeRun run =
        new SummarizeRun(
            all,
            () -> JobEngine.acquire(engine),
            spec.commandLine().getErr(),
            System.console() != null);
    List<String> lines = run.run(paths, out == null ? null : out.toAbsolutePath());
    if (out == null) {
      lines.forEach(spec.commandLine().getOut()::println);
    }
    long failed = lines.stream().filter(SummarizeRun::isFailure).count();
    spec.commandLine()
        .getErr()
        .printf(
            "%d documents in %.1f s%s%s%n",
            lines.size(),
            (System.nanoTime() - start) / 1e9,
            failed == 0 ? "" : ", %d of them without a summary".formatted(failed),
            out == null ? "" : ": " + out);
    return failed == 0 ? 0 : 1;
  }
}
