package io.millrace.tools.integration;

import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.TopicSettings;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.topology.ConversationTopology;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import io.millrace.tools.kafka.RequestWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A broker, a Flink cluster and the main job in this JVM. */
final class JobHarness implements AutoCloseable {

  /** What of the job is to run. */
  interface Topology {
    void build(StreamExecutionEnvironment env, MillraceConfig config, EngineProvider engine);
  }

  private static final int SLOTS = 4;
  private static final int PARTITIONS = 4;

  private final Path directory;
  private final EngineProvider engine;
  private final Topology topology;
  private final TestBroker kafka;
  private final MiniCluster cluster;
  private int taskManagersEnded;
  final MillraceConfig config;

  JobHarness(Path directory, EngineProvider engine, MillraceConfig settings) throws Exception {
    this(directory, engine, settings, ConversationTopology::build);
  }

  JobHarness(Path directory, EngineProvider engine, MillraceConfig settings, Topology topology)
      throws Exception {
    this.directory = directory;
    this.engine = engine;
    this.topology = topology;
    kafka = TestBroker.start();
    config =
        settings
            .with(KafkaSettings.BOOTSTRAP_SERVERS, kafka.bootstrapServers())
            .with(TopicSettings.PARTITIONS, PARTITIONS)
            .with(CheckpointSettings.DIRECTORY, "")
            .with(CheckpointSettings.INTERVAL, Duration.ofMillis(400));
    KafkaChecks.check(config);
    Configuration flink = new Configuration();
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .withRandomPorts()
                .build());
    cluster.start();
  }

  RequestWriter writer() {
    return new RequestWriter(config);
  }

  /**
   * Starts the job.
   *
   * @param savepoint where to resume, then with state in RocksDB; null starts afresh
   */
  JobID submit(int parallelism, String savepoint) throws Exception {
    return submit(config, parallelism, savepoint);
  }

  /** Starts the job with settings of its own; the topics that they name are made. */
  JobID submit(MillraceConfig config, int parallelism, String savepoint) throws Exception {
    Configuration flink = new Configuration();
    // A savepoint is canonical: it may be resumed with the other state backend.
    flink.set(StateBackendOptions.STATE_BACKEND, savepoint == null ? "hashmap" : "rocksdb");
    if (savepoint != null) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    return submitWith(config, parallelism, flink);
  }

  /** Starts the job with settings of its own, Flink's among them. */
  JobID submitWith(MillraceConfig config, int parallelism, Configuration own) throws Exception {
    KafkaChecks.check(config);
    Configuration flink = new Configuration();
    flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 10);
    flink.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    JobEnvironment.configure(env, JobEnvironment.settings(config));
    env.configure(own, getClass().getClassLoader());
    topology.build(env, config, engine);
    return cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
  }

  /** Stops the job; with {@code drain} it answers all that it has read first. */
  String stop(JobID job, boolean drain) throws Exception {
    String target = directory.resolve("savepoints").toUri().toString();
    return cluster.stopWithSavepoint(job, target, drain, SavepointFormatType.CANONICAL).get();
  }

  JobStatus status(JobID job) throws Exception {
    return cluster.getJobStatus(job).get();
  }

  /** Ends the task manager; another one takes its place. */
  void loseTaskManager() throws Exception {
    // The cluster counts those that have ended too.
    cluster.terminateTaskManager(taskManagersEnded++).get();
    cluster.startTaskManager();
  }

  CheckpointStatsCounts checkpoints(JobID job) throws Exception {
    return checkpointStats(job).getCounts();
  }

  CheckpointStatsSnapshot checkpointStats(JobID job) throws Exception {
    return cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
  }

  /** The name of what keeps a job's keyed state. */
  String stateBackend(JobID job) throws Exception {
    return cluster.getExecutionGraph(job).get().getStateBackendName().orElseThrow();
  }

  /** Everything committed to a topic until now, each conversation in order. */
  <T extends SpecificRecordBase> List<T> read(String topic, Class<T> type) throws Exception {
    WireDecoder<T> decoder = WireDecoder.of(type, SchemaResolver.none(), Integer.MAX_VALUE);
    List<T> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
      records.add(decoder.decode(record.value()));
    }
    return records;
  }

  /** As {@link #read(String, Class)}, with the records as they are on Kafka. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("isolation.level", "read_committed");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  @Override
  public void close() throws Exception {
    cluster.close();
    kafka.close();
  }
}
