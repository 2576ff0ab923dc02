package io.millrace.job.config;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code job.*}: how the job appears in Flink, and its parallelism. */
public final class JobSettings {

  public static final ConfigOption<String> NAME =
      ConfigOptions.key("job.name")
          .stringType()
          .defaultValue("millrace")
          .withDescription("Name of the job in Flink's dashboard.");

  public static final ConfigOption<Integer> PARALLELISM =
      ConfigOptions.key("job.parallelism")
          .intType()
          .defaultValue(0)
          .withDescription(
              "Parallel instances of each operator; 0 takes Flink's default. All instances in one JVM share one engine.");

  private JobSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.atLeast(0, values, PARALLELISM);
  }
}
