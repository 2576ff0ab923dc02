package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.topology.ConversationTopology;
import io.millrace.job.topology.DocumentTopology;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
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
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers that take longer than {@code checkpoints.timeout}, where operators are full and where all
 * input has come to its end: checkpoints complete all the while, and nothing is started again. The
 * engine holds, so that it does not matter how fast the machine is.
 */
@Timeout(300)
class LongAnswersITCase {
  private static final int RECORDS = 30;
  private static final int FULL = 4;
  private static final int PARALLELISM = 2;
  private static final int CHECKPOINTS = 12;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final AtomicReference<AutoEngine> ENGINE = new AtomicReference<>();

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults("long-answers"), options -> ENGINE.get());
  }

  @BeforeEach
  void open() {
    AutoEngine engine = new AutoEngine(Integer.MAX_VALUE);
    engine.hold(true);
    ENGINE.set(engine);
  }

  private static MillraceConfig config(int maxBuffered, boolean bounded) {
    return MillraceConfig.of(
        Map.of(
            "checkpoints.timeout", TIMEOUT.toSeconds() + " s",
            "conversation.max-buffered", Integer.toString(maxBuffered),
            "documents.max-buffered", Integer.toString(maxBuffered),
            "source.bounded", Boolean.toString(bounded)));
  }

  @Test
  void shouldCheckpointWhileConversationsFillTheOperator() throws Exception {
    try (JobHarness millrace =
        new JobHarness(
            directory,
            LongAnswersITCase::acquire,
            config(FULL, false),
            ConversationTopology::build)) {
      sendConversations(millrace);
      JobID job = millrace.submit(PARALLELISM, null);
      holdForLongerThanTheTimeout(millrace, job);
      until(() -> completions(millrace).size() == RECORDS);
      assertNeverStartedAgain(millrace, job);
    }
  }

  @Test
  void shouldCheckpointWhenAllRequestsAreReadAndEndByItself() throws Exception {
    try (JobHarness millrace =
        new JobHarness(
            directory,
            LongAnswersITCase::acquire,
            config(100, true),
            ConversationTopology::build)) {
      sendConversations(millrace);
      JobID job = millrace.submit(PARALLELISM, null);
      holdForLongerThanTheTimeout(millrace, job);
      until(() -> millrace.status(job) == JobStatus.FINISHED);
      assertThat(completions(millrace)).hasSize(RECORDS);
      assertNeverStartedAgain(millrace, job);
    }
  }

  @Test
  void shouldCheckpointWhileDocumentsFillTheOperatorAndEndByItself() throws Exception {
    try (JobHarness millrace =
        new JobHarness(
            directory, LongAnswersITCase::acquire, config(FULL, true), DocumentTopology::build)) {
      sendDocuments(millrace);
      JobID job = millrace.submit(PARALLELISM, null);
      holdForLongerThanTheTimeout(millrace, job);
      until(() -> millrace.status(job) == JobStatus.FINISHED);
      assertThat(millrace.read("millrace.summaries", Summary.class)).hasSize(RECORDS);
      assertNeverStartedAgain(millrace, job);
    }
  }

  /** So many checkpoints, one at a time, take several timeouts. */
  private static void holdForLongerThanTheTimeout(JobHarness millrace, JobID job) {
    until(() -> ENGINE.get().stats().running() > 0);
    awaitCheckpoints(millrace, job, CHECKPOINTS);
    assertThat(ENGINE.get().answered()).as("answered while the engine held").isZero();
    ENGINE.get().hold(false);
  }

  private static void awaitCheckpoints(JobHarness millrace, JobID job, int count) {
    until(() -> millrace.checkpoints(job).getNumberOfCompletedCheckpoints() >= count);
  }

  private static void assertNeverStartedAgain(JobHarness millrace, JobID job) throws Exception {
    assertThat(millrace.checkpoints(job).getNumberOfRestoredCheckpoints()).isZero();
  }

  private static List<Completion> completions(JobHarness millrace) throws Exception {
    return millrace.read("millrace.completions", Completion.class);
  }

  private static void sendConversations(JobHarness millrace) {
    try (RequestWriter writer = millrace.writer()) {
      for (int i = 0; i < RECORDS; i++) {
        writer.send(
            ConversationRequest.newBuilder()
                .setConversationId("c" + i % 7)
                .setRequestId("r" + i)
                .setText("text " + i)
                .build());
      }
      writer.flush();
    }
  }

  private static void sendDocuments(JobHarness millrace) {
    WireEncoder<DocumentRequest> encoder = WireEncoder.of(DocumentRequest.class);
    MillraceConfig topic =
        millrace.config.with(
            Map.of("topics.requests", "millrace.documents", "topics.documents", "unused"));
    try (RequestWriter writer = new RequestWriter(topic)) {
      for (int i = 0; i < RECORDS; i++) {
        DocumentRequest document =
            DocumentRequest.newBuilder().setDocumentId("d" + i).setText("A text.").build();
        writer.send(("d" + i).getBytes(StandardCharsets.UTF_8), encoder.encode(document));
      }
      writer.flush();
    }
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100)).until(condition);
  }
}
