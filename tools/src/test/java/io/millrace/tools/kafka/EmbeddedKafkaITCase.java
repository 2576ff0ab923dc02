package io.millrace.tools.kafka;

import static io.millrace.job.config.SinkSettings.TRANSACTION_TIMEOUT;
import static io.millrace.job.config.TopicSettings.DEAD_LETTERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.job.config.MillraceConfig;
import io.millrace.job.kafka.KafkaChecks;
import io.millrace.job.kafka.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class EmbeddedKafkaITCase {

  @Test
  void shouldShowCommittedRecordsOnly() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopics(2, "lines");
      // Creating a topic that is there already is no error.
      Topics.createMissing(
          kafka.bootstrapServers(), new Properties(), 2, List.of("lines", "others"));
      write(kafka.bootstrapServers());

      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers", kafka.bootstrapServers(),
              "group.id", "test",
              "auto.offset.reset", "earliest",
              "isolation.level", "read_committed");
      List<String> read = new ArrayList<>();
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
        consumer.subscribe(List.of("lines"));
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!read.contains("last") && System.nanoTime() < deadline) {
          consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
        }
      }
      assertThat(read).containsExactly("committed", "last");
    }
  }

  @Test
  void shouldTakeTheLongestRecordAndTheTransactionTimeoutOnBrokers() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      MillraceConfig config =
          MillraceConfig.of(
              Map.of(
                  "kafka.bootstrap-servers", kafka.bootstrapServers(),
                  "source.max-request-size", "4 mb",
                  "topics.partitions", "1"));
      KafkaChecks.check(config);
      KafkaChecks.check(config);

      String old = "created-before";
      kafka.createTopics(1, old);
      assertThatThrownBy(() -> KafkaChecks.check(config.with(DEAD_LETTERS, old)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(old, "1048588", "source.max-request-size");

      Duration tooLong = Duration.ofMinutes(121);
      assertThatThrownBy(() -> KafkaChecks.check(config.with(TRANSACTION_TIMEOUT, tooLong)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "sink.transaction-timeout is 7260 s", "allow 7200 s", "transaction.max.timeout.ms");

      Map<String, String> beyondTheSocket = Map.of("source.max-request-size", "100 mb");
      assertThatThrownBy(() -> KafkaChecks.check(config.with(beyondTheSocket)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("104923136 bytes", "104857600", "socket.request.max.bytes");
    }
  }

  private static void write(String bootstrapServers) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "test");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("lines", "k", "committed"));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("lines", "k", "aborted"));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("lines", "k", "last"));
      producer.commitTransaction();
    }
  }
}
