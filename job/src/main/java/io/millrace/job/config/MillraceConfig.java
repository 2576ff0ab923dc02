package io.millrace.job.config;

import io.millrace.engine.EngineOptions;
import io.millrace.operators.conversation.ConversationOptions;
import io.millrace.operators.documents.DocumentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * The settings of one job: those of a file over the defaults, as one front of the settings by
 * concern ({@link EngineSettings} and its siblings).
 */
public final class MillraceConfig {

  private final Configuration values;

  private MillraceConfig(Configuration values) {
    this.values = values;
    AllSettings.check(values);
  }

  public static MillraceConfig defaults() {
    return new MillraceConfig(new Configuration());
  }

  /**
   * Reads a YAML file.
   *
   * @throws IllegalArgumentException if a key is unknown or a value is wrong; the message names it
   */
  public static MillraceConfig load(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no configuration file " + file.toAbsolutePath());
    }
    try {
      return of(YamlKeys.read(Files.readString(file)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Settings by their dotted keys. */
  public static MillraceConfig of(Map<String, String> settings) {
    settings.keySet().forEach(AllSettings::checkKnown);
    return new MillraceConfig(Configuration.fromMap(settings));
  }

  /** These settings with some replaced. */
  public MillraceConfig with(Map<String, String> settings) {
    settings.keySet().forEach(AllSettings::checkKnown);
    Configuration copy = new Configuration(values);
    copy.addAll(Configuration.fromMap(settings));
    return new MillraceConfig(copy);
  }

  public <T> MillraceConfig with(ConfigOption<T> option, T value) {
    Configuration copy = new Configuration(values);
    copy.set(option, value);
    return new MillraceConfig(copy);
  }

  public <T> T get(ConfigOption<T> option) {
    return values.get(option);
  }

  /** What to open the engine with. */
  public EngineOptions engineOptions() {
    return EngineSettings.of(values);
  }

  /** How the conversation operator works. */
  public ConversationOptions conversationOptions() {
    return ConversationSettings.of(values);
  }

  /** How the document operator works. */
  public DocumentOptions documentOptions() {
    return DocumentSettings.of(values);
  }

  /** All topics of the job. */
  public List<String> topics() {
    return TopicSettings.all(values);
  }

  /** The topics that the job writes. */
  public List<String> outputTopics() {
    return TopicSettings.outputs(values);
  }

  /** The model's directory as an absolute path. */
  public Path modelDirectory() {
    return EngineSettings.modelDirectory(values);
  }

  /** Properties of every Kafka client, without the bootstrap servers. */
  public Properties kafkaProperties() {
    return KafkaSettings.properties(values);
  }

  /** {@link #kafkaProperties()} with the bootstrap servers. */
  public Properties clientProperties() {
    Properties properties = kafkaProperties();
    properties.setProperty(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, get(KafkaSettings.BOOTSTRAP_SERVERS));
    return properties;
  }

  /** Start of the ids of the job's transactions: no other job has it that reads something else. */
  public String transactionalIdPrefix() {
    return SinkSettings.transactionalIdPrefix(values);
  }

  /** Longest record that is read, its key included. */
  public int maxRequestBytes() {
    return SourceSettings.maxRequestBytes(values);
  }

  /** Longest record that is written: that of a dead letter with the longest request. */
  public int maxRecordBytes() {
    return SinkSettings.maxRecordBytes(values);
  }

  /** {@link #kafkaProperties()} for a producer, which must not refuse what the job writes. */
  public Properties producerProperties() {
    return SinkSettings.producerProperties(values);
  }
}
