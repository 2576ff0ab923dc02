package io.millrace.job.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code retry.*}: how often a turn or prompt that the engine failed on is tried. */
public final class RetrySettings {

  public static final ConfigOption<Integer> ATTEMPTS =
      ConfigOptions.key("retry.attempts")
          .intType()
          .defaultValue(3)
          .withDescription(
              "How often a turn, or a prompt of a document, that the engine failed on is tried in all before its record becomes a dead letter.");

  public static final ConfigOption<Duration> BACKOFF =
      ConfigOptions.key("retry.backoff")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription("Wait before the second attempt; it doubles with each further one.");

  private RetrySettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.atLeast(1, values, ATTEMPTS);
    SettingChecks.positive(values, BACKOFF);
  }
}
