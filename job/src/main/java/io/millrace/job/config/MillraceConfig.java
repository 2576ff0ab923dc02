package io.millrace.job.config;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.operators.conversation.ConversationOptions;
import io.millrace.operators.documents.DocumentOptions;
import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummaryPrompts;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.SamplingDefaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of one job: those of a file over the defaults of {@link MillraceOptions}. */
public final class MillraceConfig {

  private final Configuration values;

  private MillraceConfig(Configuration values) {
    this.values = values;
    ConfigChecks.check(values);
    documentOptions();
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
    settings.keySet().forEach(ConfigChecks::checkKnown);
    return new MillraceConfig(Configuration.fromMap(settings));
  }

  /** These settings with some replaced. */
  public MillraceConfig with(Map<String, String> settings) {
    settings.keySet().forEach(ConfigChecks::checkKnown);
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
    return new EngineOptions(
        modelDirectory().toString(),
        get(MillraceOptions.ENGINE_THREADS),
        get(MillraceOptions.ENGINE_MAX_RUNNING),
        get(MillraceOptions.ENGINE_MAX_BATCH_TOKENS),
        get(MillraceOptions.ENGINE_MIN_PREFILL_TOKENS),
        get(MillraceOptions.ENGINE_KV_CACHE_SIZE).getBytes(),
        get(MillraceOptions.ENGINE_KV_TYPE),
        get(MillraceOptions.ENGINE_MAX_SEQUENCE_LENGTH),
        get(MillraceOptions.ENGINE_SPIN),
        new Drafting(
            get(MillraceOptions.ENGINE_DRAFT_ROWS),
            get(MillraceOptions.ENGINE_DRAFT_LONGEST_NGRAM),
            get(MillraceOptions.ENGINE_DRAFT_SHORTEST_NGRAM)));
  }

  /** How the conversation operator works. */
  public ConversationOptions conversationOptions() {
    return new ConversationOptions(
        get(MillraceOptions.CONVERSATION_MAX_BUFFERED),
        get(MillraceOptions.CONVERSATION_MAX_BUFFERED_SIZE).getBytes(),
        get(MillraceOptions.CONVERSATION_IDLE_TTL),
        get(MillraceOptions.CONVERSATION_REMEMBERED_REQUESTS),
        get(MillraceOptions.RETRY_ATTEMPTS),
        get(MillraceOptions.RETRY_BACKOFF),
        sampling(
            get(MillraceOptions.SAMPLING_TEMPERATURE),
            get(MillraceOptions.SAMPLING_MAX_NEW_TOKENS),
            get(MillraceOptions.SAMPLING_DRAFT_TOKENS)));
  }

  private SamplingDefaults sampling(double temperature, int maxNewTokens, int draftTokens) {
    return new SamplingDefaults(
        temperature,
        get(MillraceOptions.SAMPLING_TOP_K),
        get(MillraceOptions.SAMPLING_TOP_P),
        get(MillraceOptions.SAMPLING_MIN_P),
        get(MillraceOptions.SAMPLING_REPETITION_PENALTY),
        get(MillraceOptions.SAMPLING_PRESENCE_PENALTY),
        get(MillraceOptions.SAMPLING_FREQUENCY_PENALTY),
        maxNewTokens,
        draftTokens);
  }

  /** How the document operator works. */
  public DocumentOptions documentOptions() {
    return new DocumentOptions(
        get(MillraceOptions.DOCUMENTS_STRATEGY),
        sizeOrAuto(MillraceOptions.DOCUMENTS_CHUNK_TOKENS),
        get(MillraceOptions.DOCUMENTS_OVERLAP_TOKENS),
        sizeOrAuto(MillraceOptions.DOCUMENTS_MAX_NEW_TOKENS),
        get(MillraceOptions.DOCUMENTS_MAX_BUFFERED),
        get(MillraceOptions.DOCUMENTS_MAX_BUFFERED_SIZE).getBytes(),
        get(MillraceOptions.DOCUMENTS_REMEMBERED_FOR),
        get(MillraceOptions.RETRY_ATTEMPTS),
        get(MillraceOptions.RETRY_BACKOFF),
        get(MillraceOptions.DOCUMENTS_PRIORITY),
        sampling(
            get(MillraceOptions.DOCUMENTS_TEMPERATURE),
            get(MillraceOptions.SAMPLING_MAX_NEW_TOKENS),
            get(MillraceOptions.DOCUMENTS_DRAFT_TOKENS)),
        Map.of(
            SummaryLanguage.EN,
            new SummaryPrompts(
                get(MillraceOptions.DOCUMENTS_PROMPT_CHUNK_EN),
                get(MillraceOptions.DOCUMENTS_PROMPT_COMBINE_EN),
                get(MillraceOptions.DOCUMENTS_PROMPT_REFINE_EN)),
            SummaryLanguage.ZH,
            new SummaryPrompts(
                get(MillraceOptions.DOCUMENTS_PROMPT_CHUNK_ZH),
                get(MillraceOptions.DOCUMENTS_PROMPT_COMBINE_ZH),
                get(MillraceOptions.DOCUMENTS_PROMPT_REFINE_ZH))));
  }

  private int sizeOrAuto(ConfigOption<String> option) {
    String value = get(option).strip();
    if (value.equals("auto")) {
      return DocumentOptions.AUTO;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          option.key() + " is " + value + ", it must be auto or a number of tokens");
    }
    return Integer.parseInt(value);
  }

  /** All topics of the job. */
  public List<String> topics() {
    List<String> topics = new ArrayList<>(outputTopics());
    topics.add(get(MillraceOptions.TOPICS_REQUESTS));
    if (get(MillraceOptions.DOCUMENTS_ENABLED)) {
      topics.add(get(MillraceOptions.TOPICS_DOCUMENTS));
    }
    return topics;
  }

  /** The topics that the job writes. */
  public List<String> outputTopics() {
    List<String> topics = new ArrayList<>();
    topics.add(get(MillraceOptions.TOPICS_COMPLETIONS));
    topics.add(get(MillraceOptions.TOPICS_CHUNKS));
    topics.add(get(MillraceOptions.TOPICS_DEAD_LETTERS));
    if (get(MillraceOptions.DOCUMENTS_ENABLED)) {
      topics.add(get(MillraceOptions.TOPICS_SUMMARIES));
    }
    return topics;
  }

  /** The model's directory as an absolute path. */
  public Path modelDirectory() {
    return MillraceHome.resolve(Path.of(get(MillraceOptions.MODEL_DIRECTORY)));
  }

  /** Properties of every Kafka client, without the bootstrap servers. */
  public Properties kafkaProperties() {
    Properties properties = new Properties();
    properties.putAll(get(MillraceOptions.KAFKA_PROPERTIES));
    return properties;
  }

  /** Start of the ids of the job's transactions: no other job has it that reads something else. */
  public String transactionalIdPrefix() {
    String own = get(MillraceOptions.SINK_TRANSACTIONAL_ID_PREFIX).strip();
    return own.isEmpty()
        ? get(MillraceOptions.SOURCE_GROUP_ID) + "-" + get(MillraceOptions.TOPICS_REQUESTS)
        : own;
  }

  /** Longest record that is read, its key included. */
  public int maxRequestBytes() {
    return (int) get(MillraceOptions.SOURCE_MAX_REQUEST_SIZE).getBytes();
  }

  /** Longest record that is written: that of a dead letter with the longest request. */
  public int maxRecordBytes() {
    return RecordSize.maxWritten(maxRequestBytes());
  }

  /** {@link #kafkaProperties()} for a producer, which must not refuse what the job writes. */
  public Properties producerProperties() {
    Properties properties = kafkaProperties();
    // It refuses, for ever, what is longer than either.
    atLeast(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRecordBytes());
    atLeast(properties, ProducerConfig.BUFFER_MEMORY_CONFIG, maxRecordBytes());
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
