package io.millrace.tools.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.assembly.Engines;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.SourceSettings;
import io.millrace.job.config.TopicSettings;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.tools.kafka.KafkaProcesses;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults in mid-generation on real processes: three brokers, a job manager that runs the main job
 * as a deployment does, a task manager with the built-in model, sampling. Whatever happens,
 * everything that was written equals what the model alone answers.
 */
@Timeout(300)
class ProcessFaultsITCase {
  private static final Path BUILT_IN = Path.of("..", "models", "millrace-tiny", "int8");
  private static final Path CONF = Path.of("..", "conf");
  private static final int BROKERS = 3;
  private static final int USERS = 5;
  private static final int MAX_TOKENS = 200;

  private static final int MOST_STRIKES = 5;

  private static final Variant PLAIN = new Variant("rocksdb", false);

  private static final Map<String, String> SETTINGS =
      Map.of(
          EngineSettings.MODEL_DIRECTORY.key(),
          BUILT_IN.toAbsolutePath().normalize().toString(),
          CheckpointSettings.INTERVAL.key(),
          "700 ms",
          EngineSettings.KV_CACHE_SIZE.key(),
          "64 mb",
          TopicSettings.PARTITIONS.key(),
          "3",
          KafkaSettings.PROPERTIES.key() + ".metadata.max.age.ms",
          "2000",
          KafkaSettings.PROPERTIES.key() + ".partition.discovery.interval.ms",
          "1000");

  @TempDir private static Path directory;
  private static List<Script> scripts;
  private static List<List<Answer>> answers;
  private static KafkaProcesses kafka;
  private static Stack stack;
  private static int loads;

  @BeforeAll
  static void start() throws Exception {
    scripts = Script.random(USERS, MAX_TOKENS, 7);
    try (Engine engine = Engines.open(EngineOptions.defaults(BUILT_IN.toString()))) {
      answers = new Oracle(engine).answers(scripts);
    }
    kafka = KafkaProcesses.start(BROKERS, directory);
    stack = new Stack(directory, CONF, kafka, SETTINGS, 4);
    KafkaChecks.check(stack.config());
    kafka.awaitReplicated();
    stack.start(2, PLAIN, 1);
  }

  @AfterAll
  static void stop() throws Exception {
    if (stack != null) {
      stack.close();
    }
    if (kafka != null) {
      kafka.close();
    }
  }

  @BeforeEach
  void awaitJob() throws Exception {
    stack.awaitCheckpoints(1);
  }

  @Test
  void shouldSurviveAKilledTaskManager() throws Exception {
    int aborted = aborted();
    for (int round = 0; round < MOST_STRIKES && aborted() == aborted; round++) {
      try (Load load = load()) {
        strikeMidway(load, ProcessFaultsITCase::replaceTaskManager);
        finish(load);
      }
    }
    // What finish() compared was therefore without answers that are in the log and do not count.
    assertThat(aborted()).as("aborted completions").isGreaterThan(aborted);
  }

  private static void replaceTaskManager() throws Exception {
    int restores = stack.flink().rest().restores();
    stack.flink().killTaskManager(1);
    stack.flink().startTaskManager(1);
    until(() -> stack.flink().rest().restores() > restores);
  }

  /** While no load is on, what is not committed never will be. */
  private static int aborted() {
    return RecordCount.aborted(stack.config(), stack.config().get(TopicSettings.COMPLETIONS));
  }

  @Test
  void shouldGoOnFromTheLatestCheckpointWhenTheJobManagerIsKilled() throws Exception {
    try (Load load = load()) {
      // Its tasks go on for a while, so an answer may reach its last chunk before it is lost.
      strikeUntil(
          () -> !Regenerated.of(chunks(load)).isEmpty(),
          load,
          () -> {
            stack.killJobManager();
            stack.startJob();
            stack.awaitRunning();
            assertThat(stack.flink().rest().restoredFrom()).contains("/chk-");
          });
      finish(load);
    }
  }

  @Test
  void shouldGoOnFromASavepointAtAnotherParallelismAndInAnotherVariant() throws Exception {
    try (Load load = load()) {
      awaitGeneration(load);
      goOnFromASavepoint(4, new Variant("rocksdb", true));
      awaitGeneration(load);
      goOnFromASavepoint(1, new Variant("hashmap", false));
      strikeMidway(load, () -> goOnFromASavepoint(2, PLAIN));
      finish(load);
    }
  }

  private static void goOnFromASavepoint(int parallelism, Variant variant) throws Exception {
    String savepoint = stack.stop(false);
    stack.startJob(parallelism, variant);
    stack.awaitCheckpoints(2);
    assertThat(stack.flink().rest().stateBackend())
        .containsIgnoringCase(variant.stateBackend().equals("rocksdb") ? "RocksDB" : "HashMap");
    assertThat(stack.flink().rest().alignedCheckpointTimeoutMillis())
        .isEqualTo(variant.unaligned() ? 0 : 3_600_000);
    assertThat(savepoint).endsWith(stack.flink().rest().restoredFrom().replaceAll(".*/", ""));
  }

  @Test
  void shouldSurviveTheLossOfABrokerOfThree() throws Exception {
    try (Load load = load()) {
      awaitGeneration(load);
      kafka.kill(2);
      stack.awaitCheckpoints(3);
      int answered = load.answered();
      until(() -> load.answered() >= answered + USERS);
      kafka.restart(2);
      kafka.awaitReplicated();
      finish(load);
    }
  }

  @Test
  void shouldReadPartitionsThatAreAdded() throws Exception {
    try (Load load = load()) {
      awaitGeneration(load);
      String requests = stack.config().get(TopicSettings.REQUESTS);
      kafka.addPartitions(requests, 4);
      int last = kafka.partitions(requests) - 1;
      until(() -> kafka.size(requests, last) > 0);
      int answered = load.answered();
      until(() -> load.answered() >= answered + USERS);
      stack.awaitCheckpoints(2);
      finish(load);
    }
  }

  @Test
  void shouldRetryInPlaceAfterAnEngineError() throws Exception {
    int restores = stack.flink().rest().restores();
    try (Load load = load()) {
      strikeMidway(load, () -> Fault.ENGINE_ERROR.strike(stack, new Random(1)));
      finish(load);
    }
    assertThat(stack.flink().rest().restores()).as("no restart").isEqualTo(restores);
  }

  @Test
  void shouldReplaceACrashedEngineInPlace() throws Exception {
    int restores = stack.flink().rest().restores();
    try (Load load = load()) {
      strikeMidway(load, () -> Fault.ENGINE_CRASHED.strike(stack, new Random(1)));
      finish(load);
    }
    assertThat(stack.flink().rest().restores()).as("no restart").isEqualTo(restores);
  }

  @Test
  void shouldAnswerAllThatWasReadBeforeItDrains() throws Exception {
    List<ConversationRequest> sent = new ArrayList<>();
    int use = 1000 * ++loads;
    stack.holdEngines(true);
    try (RequestWriter writer = new RequestWriter(stack.config())) {
      for (Script script : scripts) {
        List<ConversationRequest> all = new ArrayList<>();
        for (int step = 0; step < script.steps().size(); step++) {
          all.add(script.request(script.conversation(use), step));
        }
        writer.sendTogether(all);
        sent.addAll(all);
      }
      writer.flush();
    }
    String group = stack.config().get(SourceSettings.GROUP_ID);
    until(() -> kafka.lag(group, stack.config().get(TopicSettings.REQUESTS)) == 0);
    int before = completions(sent).size();
    assertThat(before).as("still at work").isLessThan(sent.size());
    // The engine goes on only when the job knows that it must stop.
    stack.stop(true, () -> stack.holdEngines(false));
    check(sent);
    stack.startJob();
  }

  @Test
  void shouldDrainUnderLoadAndGoOn() throws Exception {
    try (Load load = load()) {
      awaitGeneration(load);
      Fault.DRAINED.strike(stack, new Random(3));
      finish(load);
    }
  }

  private static Load load() {
    return new Load(stack.config(), scripts, 1000 * ++loads, USERS, loads).start();
  }

  private interface Strike {
    void now() throws Exception;
  }

  /**
   * Brings a fault about until it has hit a streamed answer between its first chunk and its last:
   * what the chunks show has happened a little before, so one may miss.
   */
  private static void strikeMidway(Load load, Strike fault) throws Exception {
    strikeUntil(() -> !midway(load).isEmpty(), load, fault);
  }

  private static void strikeUntil(BooleanSupplier hit, Load load, Strike fault) throws Exception {
    for (int strike = 0; strike < MOST_STRIKES && !hit.getAsBoolean(); strike++) {
      awaitGeneration(load);
      fault.now();
      stack.awaitCheckpoints(2);
    }
    assertThat(hit.getAsBoolean()).as("a fault has hit a generation").isTrue();
  }

  private static Set<String> midway(Load load) {
    return Regenerated.midway(chunks(load));
  }

  private static void awaitGeneration(Load load) {
    until(
        () -> {
          load.check();
          return load.inGeneration() > 0;
        });
  }

  /** Lets every conversation come to its end, then looks at all that the job wrote about them. */
  private static void finish(Load load) throws Exception {
    load.end();
    until(
        () -> {
          load.check();
          return load.hasEnded();
        });
    // What may come twice has come then.
    stack.awaitCheckpoints(2);
    check(load.sent());
  }

  private static void check(List<ConversationRequest> sent) {
    Judge judge = new Judge(answers);
    Verdict verdict = judge.judge(sent, completions(sent), chunks(sent));
    assertThat(judge.findings()).isEmpty();
    assertThat(verdict).isEqualTo(new Verdict(sent.size(), sent.size(), 0, 0, 0, 0));
    assertThat(stack.deadLetters()).isEmpty();
  }

  private static List<Completion> completions(List<ConversationRequest> sent) {
    Set<String> conversations = conversations(sent);
    return stack.completions().stream()
        .filter(completion -> conversations.contains(completion.getConversationId()))
        .toList();
  }

  private static List<CompletionChunk> chunks(Load load) {
    return chunks(load.sent());
  }

  private static List<CompletionChunk> chunks(List<ConversationRequest> sent) {
    Set<String> conversations = conversations(sent);
    return stack.chunks().stream()
        .filter(chunk -> conversations.contains(chunk.getConversationId()))
        .toList();
  }

  private static Set<String> conversations(List<ConversationRequest> sent) {
    return sent.stream().map(ConversationRequest::getConversationId).collect(Collectors.toSet());
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(150)).pollInterval(Duration.ofMillis(50)).until(condition);
  }
}
