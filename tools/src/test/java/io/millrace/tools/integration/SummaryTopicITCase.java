package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.topology.DocumentTopology;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;
import io.millrace.schemas.wire.WireEncoder;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents on a topic become summaries exactly once: an engine that dies is replaced under the
 * job, and neither that nor a restart repeats an answered prompt.
 */
@Timeout(300)
class SummaryTopicITCase {
  private static final int DOCUMENTS = 5;

  /** How many prompts each engine answers before it holds. */
  private static final List<Integer> LIMITS = List.of(20, 15, Integer.MAX_VALUE);

  private static final WireEncoder<DocumentRequest> ENCODER = WireEncoder.of(DocumentRequest.class);
  private static final List<AutoEngine> ENGINES = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults("summary-topic"), SummaryTopicITCase::open);
  }

  private static Engine open(EngineOptions options) {
    AutoEngine engine = new AutoEngine(LIMITS.get(ENGINES.size()));
    ENGINES.add(engine);
    return engine;
  }

  @Test
  void shouldSummariseEachOnceThroughACrashAndARestart() throws Exception {
    ENGINES.clear();
    MillraceConfig config =
        MillraceConfig.of(
            Map.of("documents.chunk-tokens", "100", "documents.max-new-tokens", "40"));
    try (JobHarness millrace =
        new JobHarness(directory, SummaryTopicITCase::acquire, config, DocumentTopology::build)) {
      send(millrace);
      JobID first = millrace.submit(2, null);
      awaitAnswers(0);
      ENGINES.get(0).crash();
      awaitAnswers(1);
      assertThat(millrace.checkpoints(first).getNumberOfRestoredCheckpoints())
          .as("another engine took over without a restart")
          .isZero();
      String savepoint = millrace.stop(first, false);

      JobID second = millrace.submit(3, savepoint);
      until(() -> millrace.read("millrace.summaries", Summary.class).size() >= DOCUMENTS);
      millrace.stop(second, true);

      List<Summary> summaries = millrace.read("millrace.summaries", Summary.class);
      assertThat(summaries)
          .extracting(Summary::getDocumentId)
          .containsExactlyInAnyOrder("d0", "d1", "d2", "d3", "d4");
      assertThat(summaries).allMatch(s -> s.getText().startsWith("answer "));
      assertThat(summaries)
          .filteredOn(s -> s.getDocumentId().equals("d4"))
          .allMatch(s -> s.getChunks() > 20 && s.getDepth() >= 2);
      int prompts = summaries.stream().mapToInt(Summary::getPrompts).sum();
      assertThat(ENGINES).hasSize(LIMITS.size());
      assertThat(ENGINES.get(2).answered())
          .as("prompts after crash and restart, of %d in all", prompts)
          .isEqualTo(prompts - LIMITS.get(0) - LIMITS.get(1));

      assertThat(millrace.read("millrace.dead-letters", DeadLetter.class))
          .extracting(DeadLetter::getStage)
          .containsExactlyInAnyOrder(
              DeadLetterStage.DECODE,
              DeadLetterStage.VALIDATE,
              DeadLetterStage.DECODE,
              DeadLetterStage.VALIDATE);
    }
  }

  private static void send(JobHarness millrace) {
    MillraceConfig topic =
        millrace.config.with(
            Map.of("topics.requests", "millrace.documents", "topics.documents", "unused"));
    try (RequestWriter writer = new RequestWriter(topic)) {
      writer.send(key("bad"), new byte[] {1, 2, 3});
      writer.send(key("blank"), ENCODER.encode(document("blank", " ")));
      // With their bytes and their keys once more, their dead letters would not fit a record.
      byte[] longKey = new byte[600_000];
      writer.send(longKey, new byte[300_000]);
      writer.send(longKey, ENCODER.encode(document("blank", " ".repeat(300_000))));
      for (int i = 0; i < DOCUMENTS; i++) {
        String text = "A sentence of document %d stands here.\n\n".formatted(i).repeat(1 + 13 * i);
        writer.send(key("d" + i), ENCODER.encode(document("d" + i, text)));
      }
      writer.flush();
    }
  }

  private static byte[] key(String id) {
    return id.getBytes(StandardCharsets.UTF_8);
  }

  private static DocumentRequest document(String id, String text) {
    return DocumentRequest.newBuilder().setDocumentId(id).setText(text).build();
  }

  private static void awaitAnswers(int engine) {
    until(
        () -> ENGINES.size() == engine + 1 && ENGINES.get(engine).answered() == LIMITS.get(engine));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100)).until(condition);
  }
}
