package io.millrace.job.config;

import io.millrace.operators.record.RecordSize;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** {@code sink.*}: how the job writes its topics. */
public final class SinkSettings {

  public static final ConfigOption<String> TRANSACTIONAL_ID_PREFIX =
      ConfigOptions.key("sink.transactional-id-prefix")
          .stringType()
          .defaultValue("")
          .withDescription(
              "Start of the Kafka transactional ids. Two jobs on one Kafka cluster must not share it, or each would abort the other's answers; empty takes source.group-id and topics.requests, which they do not share either.");

  public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
      ConfigOptions.key("sink.transaction-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription(
              "After this time without a commit the broker aborts a transaction and its answers are lost. Must be above checkpoints.interval plus checkpoints.timeout plus the longest outage, and at most the broker's transaction.max.timeout.ms.");

  private SinkSettings() {}

  static void check(ReadableConfig values) {
    Duration checkpoint =
        values.get(CheckpointSettings.INTERVAL).plus(values.get(CheckpointSettings.TIMEOUT));
    if (values.get(TRANSACTION_TIMEOUT).compareTo(checkpoint) <= 0) {
      throw SettingChecks.wrong(
          values,
          TRANSACTION_TIMEOUT,
          "must be longer than checkpoints.interval plus checkpoints.timeout ("
              + checkpoint.toSeconds()
              + " s), or the broker aborts answers that a checkpoint is about to commit");
    }
  }

  /** Start of the ids of the job's transactions: no other job has it that reads something else. */
  static String transactionalIdPrefix(ReadableConfig values) {
    String own = values.get(TRANSACTIONAL_ID_PREFIX).strip();
    return own.isEmpty()
        ? values.get(SourceSettings.GROUP_ID) + "-" + values.get(TopicSettings.REQUESTS)
        : own;
  }

  /** Longest record that is written: that of a dead letter with the longest request. */
  static int maxRecordBytes(ReadableConfig values) {
    return RecordSize.maxWritten(SourceSettings.maxRequestBytes(values));
  }

  /** Properties of a producer, which must not refuse what the job writes. */
  static Properties producerProperties(ReadableConfig values) {
    Properties properties = KafkaSettings.properties(values);
    int longest = maxRecordBytes(values);
    // It refuses, for ever, what is longer than either.
    atLeast(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, longest);
    atLeast(properties, ProducerConfig.BUFFER_MEMORY_CONFIG, longest);
    return properties;
  }

  private static void atLeast(Properties properties, String key, int least) {
    String value = properties.getProperty(key);
    if (value == null) {
      value = ProducerConfig.configDef().defaultValues().get(key).toString();
    }
    if (Long.parseLong(value.strip()) < least) {
      properties.setProperty(key, Integer.toString(least));
    }
  }
}
