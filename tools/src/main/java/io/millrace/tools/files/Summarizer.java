package io.millrace.tools.files;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.operators.documents.DocumentListener;
import io.millrace.operators.documents.DocumentStreams;
import io.millrace.operators.documents.SourceDocument;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.flow.GatedSource;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Summary;
import io.millrace.schemas.json.RecordJson;
import io.millrace.schemas.json.StrictJson;
import io.millrace.tools.cluster.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Summarises files with the same operators as the streaming job, in a Flink cluster of its own.
 * What is answered is in a checkpoint within a second, from which another run of the same work goes
 * on; an ended document is in its own file at once.
 */
final class Summarizer {
  private static final Duration CHECKPOINTS = Duration.ofSeconds(1);
  private static final long LOOK_MILLIS = 100;
  private static final int RESTARTS = 3;

  /** How the tasks, which are serialised, find the console: one run at a time in a JVM. */
  private static final AtomicReference<DocumentListener> LISTENER =
      new AtomicReference<>(DocumentListener.NONE);

  private final MillraceConfig config;
  private final EngineProvider engine;
  private final List<DocumentFile> files;
  private final WorkDirectory work;
  private final SummaryView view;

  Summarizer(
      MillraceConfig config,
      EngineProvider engine,
      List<DocumentFile> files,
      WorkDirectory work,
      SummaryView view) {
    this.config =
        config
            .with(CheckpointSettings.DIRECTORY, work.checkpoints().toString())
            .with(CheckpointSettings.INTERVAL, CHECKPOINTS)
            .with(JobSettings.PARALLELISM, 1);
    this.engine = engine;
    this.files = files;
    this.work = work;
    this.view = view;
  }

  /** Runs until every document has ended. */
  void run() throws Exception {
    ResultFiles results = work.results();
    results.create();
    List<DocumentFile> missing = new ArrayList<>(files);
    missing.removeIf(file -> results.has(file.id()));
    if (missing.isEmpty()) {
      return;
    }
    LISTENER.set(view);
    Configuration settings = JobEnvironment.settings(config);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, RESTARTS);
    try (LocalCluster cluster = LocalCluster.start(1)) {
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
      build(env, results);
      JobID job = cluster.submit(env);
      CompletableFuture<JobResult> result = cluster.result(job);
      while (!missing.isEmpty()) {
        end(missing, results);
        failIfEnded(result);
      }
      cluster.cancel(job);
    } finally {
      LISTENER.set(DocumentListener.NONE);
      view.clear();
    }
  }

  private void build(StreamExecutionEnvironment env, ResultFiles results) {
    FlowControl flow = FlowControl.of("documents");
    DataStream<SourceDocument> documents =
        env.fromSource(
                GatedSource.of(
                    new DataGeneratorSource<>(
                        number -> number, Long.MAX_VALUE, new IdleAfter(files.size()), Types.LONG),
                    flow),
                WatermarkStrategy.noWatermarks(),
                "files")
            .uid("files")
            .flatMap(new FileReader(files))
            .returns(TypeInformation.of(SourceDocument.class))
            .name("read");
    DocumentStreams streams =
        DocumentStreams.of(documents, engine, config.documentOptions(), Summarizer::listener, flow);
    streams
        .summaries()
        .sinkTo(new ResultSink<>(results, Summary::getDocumentId, RecordJson::write))
        .name("summaries")
        .uid("summaries");
    streams
        .deadLetters()
        .sinkTo(new ResultSink<>(results, DeadLetter::getTopic, Summarizer::failure))
        .name("failures")
        .uid("failures");
  }

  private static DocumentListener listener() {
    return LISTENER.get();
  }

  /** The line of a document that has no summary. */
  private static String failure(DeadLetter letter) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("document_id", letter.getTopic())
        .put("error", letter.getError())
        .toString();
  }

  static boolean isFailure(String line) {
    return StrictJson.parse(line).has("error");
  }

  /** Tells of those documents whose results have come. */
  private void end(List<DocumentFile> missing, ResultFiles results) throws Exception {
    for (DocumentFile file : List.copyOf(missing)) {
      if (results.has(file.id())) {
        missing.remove(file);
        view.finished(file.id(), StrictJson.parse(results.read(file.id())));
      }
    }
  }

  private static void failIfEnded(CompletableFuture<JobResult> result) throws Exception {
    try {
      JobResult ended = result.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      ended.toJobExecutionResult(Summarizer.class.getClassLoader());
      throw new IllegalStateException("the job ended before all documents did");
    } catch (TimeoutException e) {
      // It goes on.
    }
  }
}
