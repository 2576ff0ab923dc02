package io.millrace.job.config;

import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** What the settings' own checks have in common; every message names the key and its value. */
final class SettingChecks {

  private SettingChecks() {}

  static void atLeast(int least, ReadableConfig values, ConfigOption<Integer> option) {
    if (values.get(option) < least) {
      throw wrong(values, option, "must be at least " + least);
    }
  }

  static void positive(ReadableConfig values, ConfigOption<Duration> option) {
    if (values.get(option).toMillis() <= 0) {
      throw wrong(values, option, "must be at least 1 ms");
    }
  }

  static void notEmpty(ReadableConfig values, ConfigOption<MemorySize> option) {
    if (values.get(option).getBytes() < 1) {
      throw wrong(values, option, "must be at least 1 byte");
    }
  }

  static IllegalArgumentException wrong(ReadableConfig values, ConfigOption<?> option, String why) {
    return new IllegalArgumentException(option.key() + " is " + values.get(option) + " but " + why);
  }
}
