package io.millrace.tools.chaos;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts what readers of one isolation level see of a topic. */
final class RecordCount {
  private RecordCount() {}

  /** The records that are in the topic's log but were never committed. */
  static int aborted(MillraceConfig config, String topic) {
    return of(config, topic, IsolationLevel.READ_UNCOMMITTED)
        - of(config, topic, IsolationLevel.READ_COMMITTED);
  }

  private static int of(MillraceConfig config, String topic, IsolationLevel level) {
    Properties settings = config.kafkaProperties();
    settings.setProperty(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.get(KafkaSettings.BOOTSTRAP_SERVERS));
    settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, level.toString());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      int records = 0;
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        records += consumer.poll(Duration.ofMillis(100)).count();
      }
      return records;
    }
  }
}
