package io.millrace.job.config;

import io.millrace.operators.record.RecordSize;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** {@code source.*}: how the job reads its topics. */
public final class SourceSettings {

  public static final ConfigOption<String> GROUP_ID =
      ConfigOptions.key("source.group-id")
          .stringType()
          .defaultValue("millrace")
          .withDescription(
              "Consumer group. Reading starts at its committed offsets, and at the earliest record where there are none.");

  public static final ConfigOption<Boolean> BOUNDED =
      ConfigOptions.key("source.bounded")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether to stop at the end that the requests topic has at start: an offline batch that finishes by itself.");

  public static final ConfigOption<Duration> IDLENESS =
      ConfigOptions.key("source.idleness")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription(
              "A partition without records for this long no longer holds back event time.");

  public static final ConfigOption<MemorySize> MAX_REQUEST_SIZE =
      ConfigOptions.key("source.max-request-size")
          .memoryType()
          .defaultValue(new MemorySize(RecordSize.DEFAULT_MAX_REQUEST))
          .withDescription(
              "A longer request, its key included, becomes a dead letter without its bytes. Topics"
                  + " must take records that are 64 kb longer: Kafka's own limit is 1 mb.");

  public static final ConfigOption<String> SCHEMA_DIRECTORY =
      ConfigOptions.key("source.schema-directory")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Directory with other writers' schemas as ID.avsc, for requests in Confluent's framing or of another version; empty where there are none.");

  private static final long MIN_REQUEST_BYTES = 1 << 10;
  private static final long MAX_REQUEST_BYTES = 512 << 20;

  private SourceSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.positive(values, IDLENESS);
    long bytes = values.get(MAX_REQUEST_SIZE).getBytes();
    if (bytes < MIN_REQUEST_BYTES || bytes > MAX_REQUEST_BYTES) {
      throw SettingChecks.wrong(
          values,
          MAX_REQUEST_SIZE,
          "must be 1 kb to 512 mb: a record is held in memory as a whole");
    }
  }

  /** Longest record that is read, its key included. */
  static int maxRequestBytes(ReadableConfig values) {
    return (int) values.get(MAX_REQUEST_SIZE).getBytes();
  }
}
