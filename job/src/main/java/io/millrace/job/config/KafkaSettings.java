package io.millrace.job.config;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code kafka.*}: the brokers, and what every client of theirs is given. */
public final class KafkaSettings {

  public static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap-servers")
          .stringType()
          .defaultValue("localhost:9092")
          .withDescription("Kafka brokers, as host:port, separated by commas.");

  public static final ConfigOption<Map<String, String>> PROPERTIES =
      ConfigOptions.key("kafka.properties")
          .mapType()
          .defaultValue(Map.of())
          .withDescription(
              "Further properties of every Kafka client, such as security.protocol and sasl.jaas.config.");

  /** Properties that the job sets itself; overriding one would break exactly-once. */
  private static final Set<String> RESERVED =
      Set.of(
          "bootstrap.servers",
          "group.id",
          "isolation.level",
          "enable.auto.commit",
          "auto.offset.reset",
          "key.deserializer",
          "value.deserializer",
          "key.serializer",
          "value.serializer",
          "transactional.id",
          "transaction.timeout.ms");

  private KafkaSettings() {}

  static void check(ReadableConfig values) {
    ClientSettings.check(values.get(PROPERTIES));
  }

  /**
   * Whether this is the key of one further property.
   *
   * @throws IllegalArgumentException if it is that of one that the job sets itself
   */
  static boolean isProperty(String key) {
    String prefix = PROPERTIES.key() + ".";
    if (!key.startsWith(prefix)) {
      return false;
    }
    String property = key.substring(prefix.length());
    if (RESERVED.contains(property)) {
      throw new IllegalArgumentException(
          key
              + " cannot be set: the job sets "
              + property
              + " itself (see kafka.*, source.*, sink.*)");
    }
    return true;
  }

  /** Properties of every Kafka client, without the bootstrap servers. */
  static Properties properties(ReadableConfig values) {
    Properties properties = new Properties();
    properties.putAll(values.get(PROPERTIES));
    return properties;
  }
}
