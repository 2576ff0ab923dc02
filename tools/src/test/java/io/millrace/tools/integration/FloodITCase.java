package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.ConversationSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SourceSettings;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.kafka.RequestWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fifty thousand requests before a model that answers some hundred in a second: what is held stays
 * bounded, checkpoints complete meanwhile, and in the end every request is answered once.
 */
@Timeout(300)
class FloodITCase {
  private static final Logger LOG = LoggerFactory.getLogger(FloodITCase.class);
  private static final int REQUESTS = 50_000;
  private static final int CONVERSATIONS = 5_000;
  private static final int PARALLELISM = 2;
  private static final int PLACES = 4;
  private static final int BUFFERED = 500;
  private static final int CHECKPOINTS = 12;

  /** What a checkpoint may hold: the buffers, and network buffers full of requests. */
  private static final long MAX_STATE_BYTES = 16L << 20;

  private static final long MAX_HEAP_GROWTH = 48L << 20;

  private static final AtomicReference<AutoEngine> ENGINE = new AtomicReference<>();

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(EngineOptions.defaults("flood"), options -> ENGINE.get());
  }

  @Test
  void shouldHoldLittleAndCheckpointBeforeASlowModel() throws Exception {
    AutoEngine engine = new AutoEngine(Integer.MAX_VALUE, PLACES, 25);
    ENGINE.set(engine);
    MillraceConfig config =
        MillraceConfig.defaults()
            .with(SourceSettings.BOUNDED, true)
            .with(ConversationSettings.MAX_BUFFERED, BUFFERED)
            .with(CheckpointSettings.ALIGNED_TIMEOUT, Duration.ofMillis(100));
    try (JobHarness millrace = new JobHarness(directory, FloodITCase::acquire, config)) {
      flood(millrace);
      JobID job = millrace.submit(PARALLELISM, null);
      awaitCheckpoints(millrace, job, 3);
      long heap = usedHeap();
      awaitCheckpoints(millrace, job, CHECKPOINTS);

      assertThat(usedHeap() - heap).as("bytes of heap more").isLessThan(MAX_HEAP_GROWTH);
      assertThat(engine.answered()).as("answered").isPositive().isLessThan(REQUESTS / 2);
      assertThat(engine.mostRunning()).as("at once in the engine").isBetween(1, 2 * PLACES);
      checkCheckpoints(millrace, job);

      engine.answerIn(0);
      await()
          .atMost(Duration.ofSeconds(150))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> millrace.status(job) == JobStatus.FINISHED);
      List<Completion> completions = millrace.read("millrace.completions", Completion.class);
      assertThat(completions).hasSize(REQUESTS);
      assertThat(completions.stream().map(Completion::getRequestId).distinct()).hasSize(REQUESTS);
    }
  }

  private static void flood(JobHarness millrace) {
    String text = "a request among many ".repeat(4);
    // All of them at once would be seen in the state and on the heap.
    Map<String, String> metadata = Map.of("note", "2 kB that are carried along ".repeat(70));
    try (RequestWriter writer = millrace.writer()) {
      for (int i = 0; i < REQUESTS; i++) {
        writer.send(
            ConversationRequest.newBuilder()
                .setConversationId("c" + i % CONVERSATIONS)
                .setRequestId("r" + i)
                .setText(text)
                .setMetadata(metadata)
                .build());
      }
      writer.flush();
    }
  }

  /** Looks at the latest ones: while tasks start, some are declined. */
  private static void checkCheckpoints(JobHarness millrace, JobID job) throws Exception {
    List<AbstractCheckpointStats> ended =
        millrace.checkpointStats(job).getHistory().getCheckpoints().stream()
            .filter(checkpoint -> checkpoint.getStatus() != CheckpointStatsStatus.IN_PROGRESS)
            .toList();
    assertThat(ended).hasSizeGreaterThan(5);
    assertThat(ended)
        .allSatisfy(c -> assertThat(c.getStatus()).isEqualTo(CheckpointStatsStatus.COMPLETED))
        .allSatisfy(
            c -> assertThat(c.getStateSize()).as("bytes of state").isLessThan(MAX_STATE_BYTES));
    assertThat(millrace.checkpoints(job).getNumberOfRestoredCheckpoints()).isZero();
    LongSummaryStatistics bytes =
        ended.stream().mapToLong(AbstractCheckpointStats::getStateSize).summaryStatistics();
    LOG.info(
        "Checkpoints in the flood: {} of {} to {} bytes",
        ended.size(),
        bytes.getMin(),
        bytes.getMax());
  }

  private static void awaitCheckpoints(JobHarness millrace, JobID job, int count) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> millrace.checkpoints(job).getNumberOfCompletedCheckpoints() >= count);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
