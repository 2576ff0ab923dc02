package io.millrace.job.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code checkpoints.*}: when the job's state is kept, and where. */
public final class CheckpointSettings {

  public static final ConfigOption<Duration> INTERVAL =
      ConfigOptions.key("checkpoints.interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "Time between checkpoints. Answers become visible to read_committed readers at a checkpoint.");

  public static final ConfigOption<Duration> TIMEOUT =
      ConfigOptions.key("checkpoints.timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(5))
          .withDescription("A checkpoint that takes longer is given up.");

  public static final ConfigOption<Duration> ALIGNED_TIMEOUT =
      ConfigOptions.key("checkpoints.aligned-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription(
              "A checkpoint barrier that waits longer than this overtakes the records in front of it.");

  public static final ConfigOption<String> DIRECTORY =
      ConfigOptions.key("checkpoints.directory")
          .stringType()
          .defaultValue(".millrace/checkpoints")
          .withDescription(
              "Where the job keeps its checkpoints; at start it resumes from the latest one there. One job to a directory. A path, or a URI such as s3://bucket/millrace. Empty leaves both to Flink (execution.checkpointing.dir, flink run --fromSavepoint).");

  private CheckpointSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.positive(values, INTERVAL);
    SettingChecks.positive(values, TIMEOUT);
  }
}
