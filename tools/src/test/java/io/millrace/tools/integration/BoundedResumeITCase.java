package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SourceSettings;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with and without an end follow each other: all is answered, and those with an end end. */
@Timeout(300)
class BoundedResumeITCase {
  private static final int CONVERSATIONS = 12;

  /** Enough for a whole partition and not for all. */
  private static final int HALF_WAY = 14;

  @TempDir Path directory;

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(
        EngineOptions.defaults("bounded"), options -> new AutoEngine(Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAnswerAllAfterABoundedRunThatWasStoppedHalfWay(boolean boundedNext) throws Exception {
    // One record a poll: the first partition is read to its end while others have not begun.
    MillraceConfig config =
        MillraceConfig.defaults()
            .with(
                KafkaSettings.PROPERTIES,
                Map.of(
                    "interceptor.classes",
                    HoldingInterceptor.class.getName(),
                    "max.poll.records",
                    "1"));
    try (JobHarness millrace = new JobHarness(directory, BoundedResumeITCase::acquire, config)) {
      send(millrace, 0, 2);
      HoldingInterceptor.holdAfter(HALF_WAY);
      JobID first = millrace.submit(bounded(millrace, true), 1, null);
      until(HoldingInterceptor::holds);
      until(() -> answered(millrace) == HALF_WAY);
      String savepoint = stopHeld(millrace, first);
      assertThat(answered(millrace)).as("stopped half way").isEqualTo(HALF_WAY);

      send(millrace, 2, 3);
      JobID second = millrace.submit(bounded(millrace, boundedNext), 1, savepoint);
      until(() -> answered(millrace) >= CONVERSATIONS * 3);
      if (!boundedNext) {
        millrace.stop(second, true);
      }
      until(() -> millrace.status(second) == JobStatus.FINISHED);
      checkAnsweredOnce(millrace, 3);
    } finally {
      HoldingInterceptor.release();
    }
  }

  @Test
  void shouldEndABoundedRunThatFollowsAnUnboundedOne() throws Exception {
    try (JobHarness millrace =
        new JobHarness(directory, BoundedResumeITCase::acquire, MillraceConfig.defaults())) {
      send(millrace, 0, 1);
      JobID first = millrace.submit(bounded(millrace, false), 2, null);
      until(() -> answered(millrace) == CONVERSATIONS);
      String savepoint = millrace.stop(first, false);

      send(millrace, 1, 3);
      JobID second = millrace.submit(bounded(millrace, true), 3, savepoint);
      until(() -> millrace.status(second) == JobStatus.FINISHED);
      checkAnsweredOnce(millrace, 3);
    }
  }

  /** Flink deletes a finished run's checkpoints: only the group's offsets tell what it has read. */
  @Test
  void shouldGoOnBehindABoundedRunThatEnded() throws Exception {
    try (JobHarness millrace =
        new JobHarness(directory, BoundedResumeITCase::acquire, MillraceConfig.defaults())) {
      for (int turn = 0; turn < 3; turn++) {
        send(millrace, turn, turn + 1);
        JobID job = millrace.submit(bounded(millrace, true), 2, null);
        until(() -> millrace.status(job) == JobStatus.FINISHED);
      }
      checkAnsweredOnce(millrace, 3);
    }
  }

  private static MillraceConfig bounded(JobHarness millrace, boolean bounded) {
    return millrace.config.with(SourceSettings.BOUNDED, bounded);
  }

  /** The consumer can go on once the savepoint is there: nothing that it reads then is kept. */
  private String stopHeld(JobHarness millrace, JobID job) throws Exception {
    CompletableFuture<String> stopped =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return millrace.stop(job, false);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    until(() -> stopped.isDone() || hasSavepoint());
    HoldingInterceptor.release();
    return stopped.get();
  }

  private boolean hasSavepoint() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.anyMatch(file -> file.toString().matches(".*/savepoint-[^/]*/_metadata"));
    }
  }

  private static void send(JobHarness millrace, int fromTurn, int toTurn) {
    try (RequestWriter writer = millrace.writer()) {
      for (int turn = fromTurn; turn < toTurn; turn++) {
        for (int c = 0; c < CONVERSATIONS; c++) {
          writer.send(
              ConversationRequest.newBuilder()
                  .setConversationId("c" + c)
                  .setRequestId(id(c, turn))
                  .setText("turn " + turn)
                  .build());
        }
      }
      writer.flush();
    }
  }

  private static String id(int conversation, int turn) {
    return "c" + conversation + "/" + turn;
  }

  private static int answered(JobHarness millrace) throws Exception {
    return millrace.read("millrace.completions", Completion.class).size();
  }

  private static void checkAnsweredOnce(JobHarness millrace, int turns) throws Exception {
    List<String> expected =
        Stream.iterate(0, turn -> turn < turns, turn -> turn + 1)
            .flatMap(
                turn -> Stream.iterate(0, c -> c < CONVERSATIONS, c -> c + 1).map(c -> id(c, turn)))
            .toList();
    assertThat(millrace.read("millrace.completions", Completion.class))
        .extracting(Completion::getRequestId)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(100)).until(condition);
  }
}
