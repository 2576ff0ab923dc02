package io.millrace.tools.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.EngineSettings;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.kafka.KafkaProcesses;
import io.millrace.tools.kafka.TopicReader;
import io.millrace.tools.process.FlinkProcesses;
import io.millrace.tools.process.Waits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;

/** The main job on a Flink cluster of several JVMs that reads from a Kafka cluster of several. */
final class Stack implements AutoCloseable {

  /** Something to do at a certain moment. */
  interface Action {
    void run() throws Exception;
  }

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  /** Small task managers that are soon back; the rest is the configuration of a real cluster. */
  private static final Map<String, String> FLINK =
      Map.of(
          // Every task manager has its part of the work.
          "taskmanager.load-balance.mode", "SLOTS",
          "taskmanager.memory.task.heap.size", "384m",
          "taskmanager.memory.task.off-heap.size", "256m",
          "taskmanager.memory.managed.size", "64m",
          "taskmanager.memory.network.min", "32m",
          "taskmanager.memory.network.max", "32m",
          "restart-strategy.exponential-delay.initial-backoff", "500 ms",
          "restart-strategy.exponential-delay.max-backoff", "2 s");

  private final KafkaProcesses kafka;
  private final FlinkProcesses flink;
  private final Map<String, String> settings;
  private final Path demands;
  private final Path file;
  private final int slots;
  private final String savepoints;
  private int parallelism;
  private Variant variant;
  private int earlierCheckpoints;

  /**
   * @param directory for everything that the cluster keeps
   * @param conf the directory of Flink's config.yaml
   * @param own settings of the job; its place and its brokers are set here
   * @param slots of each task manager
   */
  Stack(Path directory, Path conf, KafkaProcesses kafka, Map<String, String> own, int slots)
      throws IOException {
    this.kafka = kafka;
    this.slots = slots;
    demands = Files.createDirectories(directory.resolve("engine-faults"));
    settings = new LinkedHashMap<>(own);
    settings.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka.bootstrapServers());
    String checkpoints = directory.resolve("checkpoints").toUri().toString();
    settings.put(CheckpointSettings.DIRECTORY.key(), checkpoints);
    // The next start looks for savepoints here too.
    savepoints = (checkpoints.endsWith("/") ? checkpoints : checkpoints + "/") + "savepoints";
    settings.put(EngineSettings.MODEL_DIRECTORY.key(), config().modelDirectory().toString());
    Configuration cluster = GlobalConfiguration.loadConfiguration(conf.toString());
    cluster.addAll(Configuration.fromMap(FLINK));
    cluster.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    file = directory.resolve("millrace.yaml");
    YAML.writeValue(file.toFile(), settings);
    flink = new FlinkProcesses(directory.resolve("flink"), cluster);
  }

  MillraceConfig config() {
    return MillraceConfig.of(settings);
  }

  FlinkProcesses flink() {
    return flink;
  }

  KafkaProcesses kafka() {
    return kafka;
  }

  /** The highest parallelism that there is room for. */
  int maxParallelism() {
    return slots * flink.taskManagers().size();
  }

  int parallelism() {
    return parallelism;
  }

  /** Starts everything of Flink's and waits until the job runs. */
  void start(int parallelism, Variant variant, int taskManagers) throws Exception {
    startJob(parallelism, variant);
    for (int number = 1; number <= taskManagers; number++) {
      flink.startTaskManager(number);
    }
    awaitRunning();
  }

  /** Starts a job manager with the job, as an operator does after every end of it. */
  void startJob() {
    startJob(parallelism, variant);
  }

  /** Does the same in another way, which there must be a savepoint for. */
  void startJob(int parallelism, Variant variant) {
    this.parallelism = parallelism;
    this.variant = variant;
    List<String> arguments =
        new ArrayList<>(
            List.of("--config", file.toString(), "--engine-faults", demands.toString()));
    Map<String, String> own = new TreeMap<>(variant.jobSettings());
    own.put(JobSettings.PARALLELISM.key(), Integer.toString(parallelism));
    own.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
    flink.startJobManager(ChaosJob.class.getName(), variant.flinkSettings(), arguments);
  }

  void awaitRunning() throws Exception {
    await("all tasks of the job run", flink.rest()::isRunning);
  }

  /** Waits until so many more checkpoints are completed, and the job runs. */
  void awaitCheckpoints(int more) throws Exception {
    awaitRunning();
    int before = flink.rest().completedCheckpoints();
    await(
        more + " more checkpoints are completed",
        () -> flink.rest().completedCheckpoints() >= before + more);
    awaitRunning();
  }

  void killJobManager() throws Exception {
    earlierCheckpoints += flink.rest().completedCheckpoints();
    flink.killJobManager();
  }

  /** Stops the job with a savepoint, after which its job manager ends; returns the savepoint. */
  String stop(boolean drain) throws Exception {
    return stop(drain, () -> {});
  }

  /** Does the same, and something more as soon as the job knows that it must stop. */
  String stop(boolean drain, Action meanwhile) throws Exception {
    awaitRunning();
    int checkpoints = flink.rest().completedCheckpoints();
    String request = flink.rest().requestStop(savepoints, drain);
    meanwhile.run();
    String savepoint = flink.rest().awaitStop(request, PATIENCE);
    if (!flink.awaitJobManagerExit((int) PATIENCE.toSeconds())) {
      throw new IllegalStateException("the job manager goes on after its job has ended");
    }
    earlierCheckpoints += checkpoints;
    return savepoint;
  }

  /** All completed checkpoints, those of earlier job managers too. */
  int completedCheckpoints() {
    try {
      return earlierCheckpoints + flink.rest().completedCheckpoints();
    } catch (Exception e) {
      return earlierCheckpoints;
    }
  }

  /** Makes one engine fail that has work. */
  void failEngine(String demand) throws IOException {
    Files.createFile(demands.resolve(demand));
  }

  /** Holds all engines in the middle of their answers, or lets them go on. */
  void holdEngines(boolean hold) throws IOException {
    Path demand = demands.resolve(FaultyEngine.HOLD);
    if (hold) {
      Files.createFile(demand);
    } else {
      Files.delete(demand);
    }
  }

  boolean engineHasFailed(String demand) {
    return !Files.exists(demands.resolve(demand));
  }

  List<Completion> completions() {
    return read(config().get(TopicSettings.COMPLETIONS), Completion.class);
  }

  List<CompletionChunk> chunks() {
    return read(config().get(TopicSettings.CHUNKS), CompletionChunk.class);
  }

  List<DeadLetter> deadLetters() {
    return read(config().get(TopicSettings.DEAD_LETTERS), DeadLetter.class);
  }

  private <T extends SpecificRecordBase> List<T> read(String topic, Class<T> type) {
    try (TopicReader<T> reader = new TopicReader<>(config(), topic, type, true)) {
      return reader.readToEnd();
    }
  }

  /** Waits for what the cluster does next. */
  static void await(String what, Waits.Condition condition) throws InterruptedException {
    Waits.until(what, PATIENCE, condition);
  }

  @Override
  public void close() {
    flink.close();
  }
}
