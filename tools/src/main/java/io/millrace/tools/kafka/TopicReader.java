package io.millrace.tools.kafka;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.schemas.wire.DecodeException;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what the job wrote to one topic, committed records only, without a consumer group: many may
 * look at the same time. Only {@link #wakeup()} may be called from another thread.
 */
public final class TopicReader<T extends SpecificRecordBase> implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final WireDecoder<T> decoder;

  /**
   * @param fromBeginning whether to start at the topic's first record, else behind its last one
   * @throws IllegalArgumentException if there is no such topic
   */
  public TopicReader(MillraceConfig config, String topic, Class<T> type, boolean fromBeginning) {
    Properties settings = config.kafkaProperties();
    String servers = config.get(KafkaSettings.BOOTSTRAP_SERVERS);
    settings.setProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000");
    // The topic has bounded its records already, by more than the decoder would by default.
    decoder = WireDecoder.of(type, SchemaResolver.none(), Integer.MAX_VALUE);
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new IllegalArgumentException("no topic " + topic + " at " + servers);
      }
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      // Seeking is lazy: ask, so that nothing sent from now on is missed.
      partitions.forEach(consumer::position);
    } catch (TimeoutException e) {
      consumer.close();
      throw new KafkaException(KafkaChecks.unreachable(servers), e);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /**
   * The records that arrive within this time; empty after {@link #wakeup()}.
   *
   * @throws IllegalStateException if a record cannot be decoded; the message names its place
   */
  public List<T> poll(Duration patience) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(patience);
    } catch (WakeupException e) {
      return List.of();
    }
    List<T> decoded = new ArrayList<>(records.count());
    records.forEach(
        record -> {
          try {
            decoded.add(decoder.decode(record.value()));
          } catch (DecodeException e) {
            throw new IllegalStateException(
                "%s-%d at offset %d: %s"
                    .formatted(record.topic(), record.partition(), record.offset(), e.getMessage()),
                e);
          }
        });
    return decoded;
  }

  /** All records up to what is committed now. */
  public List<T> readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    List<T> records = new ArrayList<>();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      records.addAll(poll(Duration.ofMillis(100)));
    }
    return records;
  }

  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
