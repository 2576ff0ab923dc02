package io.millrace.job.config;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Has Kafka's clients look at their further properties before a task would fail for them. */
final class ClientSettings {

  private ClientSettings() {}

  /**
   * @throws IllegalArgumentException if a consumer or a transactional producer can't be had with
   *     them, as with {@code acks=1}
   */
  static void check(Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "not-asked:9092");
    all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    try {
      new ConsumerConfig(all);
      all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "not-used");
      // Said aloud, what contradicts it is named.
      all.putIfAbsent(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
      new ProducerConfig(all);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(
          KafkaSettings.PROPERTIES.key()
              + " fit no client that reads and writes exactly once: "
              + e.getMessage(),
          e);
    }
  }
}
