package io.millrace.tools.eval;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import io.millrace.job.config.DocumentSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummarySettings;
import io.millrace.operators.serving.EngineProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Summaries of documents in one prompt each, with dynamic NTK and LogN attention on and off: what
 * the two bring where a prompt is longer than those that the model was trained on.
 */
public final class LongContextEval {
  /** What the instruction and the chat format take beside the document. */
  private static final int AROUND = 256;

  private final MillraceConfig config;
  private final PreparedModel model;
  private final PrintWriter progress;

  public LongContextEval(MillraceConfig config, PrintWriter progress) throws IOException {
    this.config = config.with(DocumentSettings.CHUNK_TOKENS, "0");
    this.model = PreparedModel.open(config.modelDirectory());
    this.progress = progress;
  }

  /**
   * Scores by what was on, beginning with nothing.
   *
   * @param trained tokens from which on NTK and LogN change anything; 0 for the model's own
   */
  public Map<String, SummaryScores> run(List<SummaryTask> tasks, int trained) throws Exception {
    int from = trained == 0 ? model.config().trainedLength() : trained;
    int positions = positions(tasks);
    EngineOptions engine = config.engineOptions();
    Map<String, SummaryScores> scores = new LinkedHashMap<>();
    scores.put("neither", scores(tasks, reaching(engine, false, false, from, positions)));
    scores.put("dynamic NTK", scores(tasks, reaching(engine, true, false, from, positions)));
    scores.put("LogN", scores(tasks, reaching(engine, false, true, from, positions)));
    scores.put("both", scores(tasks, reaching(engine, true, true, from, positions)));
    return scores;
  }

  private static EngineProvider reaching(
      EngineOptions engine, boolean ntk, boolean logn, int trained, int positions) {
    return () ->
        SharedEngines.acquire(
            engine,
            options ->
                Engines.open(
                    PreparedModel.open(Path.of(options.modelDirectory()))
                        .reaching(ntk, logn, trained, positions),
                    options));
  }

  /** Without NTK a model refuses what is longer than it was made for; here it must read it. */
  private int positions(List<SummaryTask> tasks) throws IOException {
    Tokenizer tokenizer = Tokenizers.open(model.directory(), model.manifest());
    int longest = tasks.stream().mapToInt(t -> tokenizer.encode(t.text()).length).max().orElse(0);
    SummarySettings settings =
        SummarySettings.of(
            config.documentOptions(),
            SummaryLanguage.EN,
            model.manifest(),
            model.config().maxPositions());
    int needed = longest + settings.sampling().maxNewTokens() + AROUND;
    return Math.max(needed, model.config().maxPositions());
  }

  private SummaryScores scores(List<SummaryTask> tasks, EngineProvider way) throws Exception {
    List<JsonNode> summaries =
        new TaskSummaries(config, way, progress).of(tasks.stream().map(SummaryTask::text).toList());
    SummaryScores scores = new SummaryScores();
    for (int i = 0; i < tasks.size(); i++) {
      JsonNode summary = summaries.get(i);
      if (summary.path("chunks").asInt() != 1) {
        throw new IllegalArgumentException(
            "document %s does not fit one prompt: raise engine.kv-cache-size (%s)"
                .formatted(tasks.get(i).id(), summary));
      }
      scores.add(tasks.get(i), summary.get("text").asText());
    }
    return scores;
  }
}
