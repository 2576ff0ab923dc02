package io.millrace.tools.eval;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.json.StrictJson;
import io.millrace.tools.files.SummarizeRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Summaries of texts by the job that summarises files. */
public final class TaskSummaries {
  private final MillraceConfig config;
  private final EngineProvider engine;
  private final PrintWriter progress;

  public TaskSummaries(MillraceConfig config, EngineProvider engine, PrintWriter progress) {
    this.config = config;
    this.engine = engine;
    this.progress = progress;
  }

  /** What {@code millrace summarize} writes for each text, in their order. */
  public List<JsonNode> of(List<String> texts) throws Exception {
    Path directory = Files.createTempDirectory("millrace-eval");
    try {
      List<Path> files = new ArrayList<>();
      for (String text : texts) {
        Path file = directory.resolve("%06d.txt".formatted(files.size()));
        Files.writeString(file, text);
        files.add(file);
      }
      SummarizeRun run = new SummarizeRun(config, engine, progress, System.console() != null);
      List<JsonNode> summaries = new ArrayList<>();
      for (String line : run.run(files, directory.resolve("summaries.jsonl"))) {
        summaries.add(StrictJson.parse(line));
      }
      return summaries;
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
