package io.millrace.tools.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.SharedEngines;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.ConversationSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SinkSettings;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.operators.testing.AutoEngine;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A restart in the middle of the work, whatever keeps the state and however barriers pass a full
 * buffer: more requests wait than an operator takes.
 */
@Timeout(300)
class StateBackendsITCase {
  private static final int CONVERSATIONS = 12;
  private static final int TURNS = 15;
  private static final int TURNS_BEFORE_THE_LOSS = 10;
  private static final int BEFORE_THE_LOSS = 40;
  private static final int ANSWER_MILLIS = 150;

  /**
   * Far fewer than there are requests: the operator stops reading, and barriers meet its backlog.
   */
  private static final int MAX_BUFFERED = 6;

  @TempDir private static Path directory;
  private static JobHarness millrace;
  private static volatile String running;
  private static final List<AutoEngine> ENGINES = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    MillraceConfig settings =
        MillraceConfig.defaults()
            .with(ConversationSettings.MAX_BUFFERED, MAX_BUFFERED)
            .with(CheckpointSettings.ALIGNED_TIMEOUT, Duration.ZERO);
    millrace = new JobHarness(directory, StateBackendsITCase::acquire, settings);
  }

  @AfterAll
  static void stop() throws Exception {
    if (millrace != null) {
      millrace.close();
    }
  }

  private static Engine acquire() throws Exception {
    return SharedEngines.acquire(
        EngineOptions.defaults(running),
        options -> {
          AutoEngine engine = new AutoEngine(Integer.MAX_VALUE, ANSWER_MILLIS);
          ENGINES.add(engine);
          return engine;
        });
  }

  @ParameterizedTest
  @CsvSource({"hashmap,false", "hashmap,true", "rocksdb,false", "rocksdb,true"})
  void shouldRestoreWhatWasNotAnswered(String backend, boolean unaligned) throws Exception {
    ENGINES.clear();
    String name = backend + (unaligned ? "-unaligned" : "-aligned");
    running = name;
    MillraceConfig config =
        millrace
            .config
            .with(TopicSettings.REQUESTS, name + ".requests")
            .with(TopicSettings.COMPLETIONS, name + ".completions")
            .with(SourceSettings.GROUP_ID, name)
            .with(SinkSettings.TRANSACTIONAL_ID_PREFIX, name);
    Configuration flink = new Configuration();
    flink.set(StateBackendOptions.STATE_BACKEND, backend);
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
    JobID job = millrace.submitWith(config, 2, flink);
    send(config, 0, TURNS_BEFORE_THE_LOSS);

    until(() -> !ENGINES.isEmpty() && ENGINES.get(0).answered() >= BEFORE_THE_LOSS);
    awaitCheckpoints(job, 1);
    // What comes now is not answered before the loss, however fast or slow the machine is.
    ENGINES.get(0).hold(true);
    send(config, TURNS_BEFORE_THE_LOSS, TURNS);
    millrace.loseTaskManager();
    until(() -> millrace.checkpoints(job).getNumberOfRestoredCheckpoints() == 1);
    checkWhatWasRestored(job, backend, unaligned);
    // The tasks of the new task manager may have joined it before those of the old one let go.
    ENGINES.get(0).hold(false);
    awaitCheckpoints(job, 2);
    String topic = name + ".completions";
    until(() -> millrace.read(topic, Completion.class).size() >= CONVERSATIONS * TURNS);
    millrace.stop(job, true);

    Map<String, List<String>> answers = new TreeMap<>();
    for (Completion completion : millrace.read(topic, Completion.class)) {
      answers
          .computeIfAbsent(completion.getConversationId(), c -> new ArrayList<>())
          .add(completion.getRequestId() + " " + completion.getText());
    }
    assertThat(answers).isEqualTo(expected());
  }

  /** The case is what its name says: otherwise all four would test the same. */
  private static void checkWhatWasRestored(JobID job, String backend, boolean unaligned)
      throws Exception {
    assertThat(millrace.stateBackend(job)).containsIgnoringCase(backend);
    CheckpointStatsSnapshot stats = millrace.checkpointStats(job);
    AbstractCheckpointStats restored =
        stats.getHistory().getCheckpointById(stats.getLatestRestoredCheckpoint().getCheckpointId());
    assertThat(restored.isUnalignedCheckpoint()).isEqualTo(unaligned);
    if (unaligned) {
      assertThat(restored.getPersistedData()).as("bytes in flight").isPositive();
    } else {
      assertThat(restored.getPersistedData()).as("bytes in flight").isZero();
    }
  }

  private static void send(MillraceConfig config, int from, int to) {
    try (RequestWriter writer = new RequestWriter(config)) {
      for (int turn = from; turn < to; turn++) {
        for (int c = 0; c < CONVERSATIONS; c++) {
          writer.send(
              ConversationRequest.newBuilder()
                  .setConversationId("c" + c)
                  .setRequestId("c" + c + "/" + turn)
                  .setText(c + "?" + turn)
                  .build());
        }
      }
      writer.flush();
    }
  }

  /** The conversations as one engine answers them that nothing ever happens to. */
  private static Map<String, List<String>> expected() throws Exception {
    Map<String, List<String>> answers = new TreeMap<>();
    try (TestEngine engine = new TestEngine()) {
      ChatFormat format = engine.chatFormat();
      for (int c = 0; c < CONVERSATIONS; c++) {
        List<TokenTurn> history = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (int turn = 0; turn < TURNS; turn++) {
          int[] query = format.query(List.of(new Message(Role.USER, c + "?" + turn)));
          int limit = TestEngine.MAX_SEQUENCE / 2;
          int[] prompt = format.prompt(format.system(null), history, query, limit).ids();
          String answer = TestEngine.answerTo(prompt);
          history.add(new TokenTurn(query, engine.tokenizer().encode(answer)));
          lines.add("c" + c + "/" + turn + " " + answer);
        }
        answers.put("c" + c, lines);
      }
    }
    return answers;
  }

  private static void awaitCheckpoints(JobID job, int more) throws Exception {
    long before = millrace.checkpoints(job).getNumberOfCompletedCheckpoints();
    until(() -> millrace.checkpoints(job).getNumberOfCompletedCheckpoints() >= before + more);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50)).until(condition);
  }
}
