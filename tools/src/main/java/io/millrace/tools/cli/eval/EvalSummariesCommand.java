package io.millrace.tools.cli.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.job.Settings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.topology.JobEngine;
import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummarySettings;
import io.millrace.operators.documents.split.DocumentSplitter;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.tools.eval.SummaryScores;
import io.millrace.tools.eval.SummaryTask;
import io.millrace.tools.eval.TaskSummaries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace eval summaries}: Rouge of summaries against references. */
@Command(
    name = "summaries",
    description = {
      "Summarises the documents of a file and compares with their references.",
      "Prints a table of Rouge-1, Rouge-2 and Rouge-L: English by words, Chinese by characters."
    })
final class EvalSummariesCommand implements Callable<Integer> {

  /** What prompt and chat format take beside the text of the one part that is kept. */
  private static final int AROUND = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "A document a line: {\"id\": .., \"text\": .., \"reference\": ..}, and perhaps \"group\":"
              + " means are printed by it.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where scores and summaries go as JSON.")
  private Path out;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A prepared model: short for --set model.directory=DIR.")
  private Path model;

  @Option(
      names = "--truncate",
      description =
          "Read of each document only the beginning that fits one prompt (documents.chunk-tokens):"
              + " the baseline.")
  private boolean truncate;

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    Map<String, String> chosen = new LinkedHashMap<>();
    if (model != null) {
      chosen.put(EngineSettings.MODEL_DIRECTORY.key(), model.toString());
    }
    chosen.putAll(settings.values());
    MillraceConfig config = MillraceConfig.of(chosen);
    List<SummaryTask> tasks = SummaryTask.read(data);
    EngineOptions options = config.engineOptions();
    EngineProvider engine = () -> JobEngine.acquire(options);
    List<String> texts = new ArrayList<>();
    for (SummaryTask task : tasks) {
      texts.add(truncate ? beginning(task.text(), config, engine) : task.text());
    }
    List<JsonNode> summaries =
        new TaskSummaries(config, engine, spec.commandLine().getErr()).of(texts);
    SummaryScores scores = new SummaryScores();
    for (int i = 0; i < tasks.size(); i++) {
      scores.add(tasks.get(i), summaries.get(i).path("text").asText());
    }
    spec.commandLine().getOut().println(scores.table().stripTrailing());
    if (out != null) {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out.toFile(), scores.json());
    }
    return 0;
  }

  private static String beginning(String text, MillraceConfig config, EngineProvider provider)
      throws Exception {
    try (Engine engine = provider.acquire()) {
      Tokenizer tokenizer = engine.tokenizer();
      int context = engine.maxSequenceLength();
      SummarySettings settings =
          SummarySettings.of(
              config.documentOptions(), SummaryLanguage.EN, engine.manifest(), context);
      int fits = context - settings.sampling().maxNewTokens() - AROUND;
      int chunk = settings.chunkTokens();
      int limit = chunk > 0 ? Math.min(chunk, fits) : fits;
      return new DocumentSplitter(part -> tokenizer.encode(part).length, limit - AROUND / 4, 0)
          .split(text)
          .get(0)
          .of(text);
    }
  }
}
