package io.millrace.tools.demo;

import io.millrace.engine.Engine;
import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.DocumentSettings;
import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.topology.JobEnvironment;
import io.millrace.job.topology.JobTopology;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.tools.cluster.LocalCluster;
import io.millrace.tools.kafka.EmbeddedKafka;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/** Kafka, Flink, the model and the job in this JVM; closing it leaves nothing behind. */
final class DemoStack implements AutoCloseable {

  private static final int SLOTS = 2;

  private final Path directory = Files.createTempDirectory("millrace-demo");
  private EmbeddedKafka kafka;
  private LocalCluster cluster;
  private Engine engine;
  private MillraceConfig config;
  private JobID job;

  private final Thread cleanUp =
      new Thread(() -> FileUtils.deleteDirectoryQuietly(directory.toFile()), "demo-clean-up");

  private DemoStack() throws Exception {
    // Ctrl-C ends the JVM without closing anything.
    Runtime.getRuntime().addShutdownHook(cleanUp);
  }

  static DemoStack start(MillraceConfig config, EngineProvider provider, int metricsPort)
      throws Exception {
    DemoStack stack = new DemoStack();
    try {
      stack.open(config, provider, metricsPort);
      return stack;
    } catch (Exception e) {
      stack.close();
      throw e;
    }
  }

  private void open(MillraceConfig base, EngineProvider provider, int metricsPort)
      throws Exception {
    // The three take seconds each and know nothing of each other.
    FutureTask<Engine> model = background("demo-model", provider::acquire);
    FutureTask<EmbeddedKafka> broker =
        background("demo-kafka", () -> EmbeddedKafka.start(directory));
    cluster = LocalCluster.start(SLOTS, metricsPort);
    kafka = result(broker);
    // The job's tasks share it; holding it shows its counters and a broken model at once.
    engine = result(model);
    config =
        base.with(KafkaSettings.BOOTSTRAP_SERVERS, kafka.bootstrapServers())
            .with(CheckpointSettings.DIRECTORY, directory.toUri().toString())
            // Nobody sends it documents.
            .with(DocumentSettings.ENABLED, false);
    KafkaChecks.check(config);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(JobEnvironment.settings(config));
    JobTopology.build(env, config, provider);
    job = cluster.submit(env);
  }

  private static <T> FutureTask<T> background(String name, Callable<T> start) {
    FutureTask<T> task = new FutureTask<>(start);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T result(FutureTask<T> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  Engine engine() {
    return engine;
  }

  /** The job's settings, with the brokers that were started. */
  MillraceConfig config() {
    return config;
  }

  URI dashboard() {
    return cluster.dashboard();
  }

  long completedCheckpoints() throws Exception {
    return cluster.completedCheckpoints(job);
  }

  /** Why the job failed most recently, if it ever did. */
  Optional<String> failure() throws Exception {
    return cluster.failure(job);
  }

  /**
   * @throws DemoFailure if the job has ended
   */
  void checkRunning() throws Exception {
    if (cluster.status(job).isGloballyTerminalState()) {
      throw new DemoFailure(
          "the job has ended: " + failure().orElse("it was cancelled in the dashboard"));
    }
  }

  @Override
  public void close() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
    if (engine != null) {
      engine.close();
    }
    if (kafka != null) {
      kafka.close();
    }
    FileUtils.deleteDirectory(directory.toFile());
    Runtime.getRuntime().removeShutdownHook(cleanUp);
  }
}
