package io.millrace.job.topology;

import io.millrace.job.config.CheckpointSettings;
import io.millrace.job.config.JobSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.config.SourceSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the job asks of Flink, whatever cluster it runs on. */
public final class JobEnvironment {

  /** Key groups: part of every checkpoint, and the upper bound of the parallelism. */
  private static final int MAX_PARALLELISM = 128;

  /** What a URI begins with and a path does not. */
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  private JobEnvironment() {}

  /** Flink's settings that follow from ours. */
  public static Configuration settings(MillraceConfig config) throws IOException {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.NAME, config.get(JobSettings.NAME));
    flink.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
    // Kryo would write state that another version of the job cannot read.
    flink.set(PipelineOptions.GENERIC_TYPES, false);
    // No operator of ours changes a record that it has been given or has sent.
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    int parallelism = config.get(JobSettings.PARALLELISM);
    if (parallelism > 0) {
      flink.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
    }

    flink.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.get(CheckpointSettings.INTERVAL));
    flink.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, config.get(CheckpointSettings.TIMEOUT));
    // Barriers overtake what waits in the network where a task is slow.
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
    flink.set(
        CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT,
        config.get(CheckpointSettings.ALIGNED_TIMEOUT));
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);

    String directory = config.get(CheckpointSettings.DIRECTORY);
    if (!directory.isEmpty()) {
      String uri = uri(directory);
      flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri);
      LatestCheckpoint.find(uri)
          .ifPresent(latest -> flink.set(StateRecoveryOptions.SAVEPOINT_PATH, latest));
    }
    return flink;
  }

  /** Gives an environment these settings; a savepoint that it was started from takes precedence. */
  public static void configure(StreamExecutionEnvironment env, Configuration settings) {
    Configuration own = new Configuration(settings);
    if (env.getConfiguration().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent()) {
      own.removeConfig(StateRecoveryOptions.SAVEPOINT_PATH);
    }
    env.configure(own, JobEnvironment.class.getClassLoader());
  }

  /**
   * To be called when a run has ended by itself. Flink deletes the checkpoints of a bounded run
   * that has answered all: the next one must not go on from an older one, which would have it
   * answer the same again, but from where this one stopped reading.
   *
   * @param settings what the run was started with
   */
  public static void ended(MillraceConfig config, Configuration settings) throws IOException {
    String directory = config.get(CheckpointSettings.DIRECTORY);
    if (!config.get(SourceSettings.BOUNDED) || directory.isEmpty()) {
      return;
    }
    Optional<String> resumed = settings.getOptional(StateRecoveryOptions.SAVEPOINT_PATH);
    // One that was not there before is a savepoint that the run was stopped with.
    if (resumed.isPresent() && LatestCheckpoint.find(uri(directory)).equals(resumed)) {
      LatestCheckpoint.supersede(uri(directory));
    }
  }

  /** Flink's paths take every character as it stands: nothing in them may be escaped. */
  private static String uri(String directory) {
    if (SCHEME.matcher(directory).lookingAt()) {
      return directory;
    }
    String path = Path.of(directory).toAbsolutePath().toString().replace('\\', '/');
    return "file://" + (path.startsWith("/") ? "" : "/") + path;
  }
}
