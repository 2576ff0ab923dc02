package io.millrace.job.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/** {@code topics.*}: the names of the job's topics, and how missing ones are created. */
public final class TopicSettings {

  public static final ConfigOption<String> REQUESTS =
      ConfigOptions.key("topics.requests")
          .stringType()
          .defaultValue("millrace.requests")
          .withDescription("Topic of the requests; keyed by conversation id.");

  public static final ConfigOption<String> COMPLETIONS =
      ConfigOptions.key("topics.completions")
          .stringType()
          .defaultValue("millrace.completions")
          .withDescription("Topic of the answers, written exactly once.");

  public static final ConfigOption<String> CHUNKS =
      ConfigOptions.key("topics.chunks")
          .stringType()
          .defaultValue("millrace.chunks")
          .withDescription(
              "Topic of the answers' pieces as they are generated, written at least once.");

  public static final ConfigOption<String> DEAD_LETTERS =
      ConfigOptions.key("topics.dead-letters")
          .stringType()
          .defaultValue("millrace.dead-letters")
          .withDescription(
              "Topic of records that could not be answered, with their bytes, written exactly once.");

  public static final ConfigOption<String> DOCUMENTS =
      ConfigOptions.key("topics.documents")
          .stringType()
          .defaultValue("millrace.documents")
          .withDescription("Topic of the documents to summarise; keyed by document id.");

  public static final ConfigOption<String> SUMMARIES =
      ConfigOptions.key("topics.summaries")
          .stringType()
          .defaultValue("millrace.summaries")
          .withDescription("Topic of the documents' summaries, written exactly once.");

  public static final ConfigOption<Boolean> CREATE =
      ConfigOptions.key("topics.create")
          .booleanType()
          .defaultValue(true)
          .withDescription("Whether to create those topics that are missing at start.");

  public static final ConfigOption<Integer> PARTITIONS =
      ConfigOptions.key("topics.partitions")
          .intType()
          .defaultValue(8)
          .withDescription(
              "Partitions of a topic created at start; the upper bound of the source's useful parallelism.");

  private TopicSettings() {}

  static void check(ReadableConfig values) {
    SettingChecks.atLeast(1, values, PARTITIONS);
    Set<String> seen = new HashSet<>();
    for (ConfigOption<String> topic :
        List.of(REQUESTS, COMPLETIONS, CHUNKS, DEAD_LETTERS, DOCUMENTS, SUMMARIES)) {
      if (!seen.add(values.get(topic))) {
        throw SettingChecks.wrong(values, topic, "is the topic of another kind of record already");
      }
    }
  }

  /** All topics of the job. */
  static List<String> all(ReadableConfig values) {
    List<String> topics = outputs(values);
    topics.add(values.get(REQUESTS));
    if (values.get(DocumentSettings.ENABLED)) {
      topics.add(values.get(DOCUMENTS));
    }
    return topics;
  }

  /** The topics that the job writes. */
  static List<String> outputs(ReadableConfig values) {
    List<String> topics = new ArrayList<>();
    topics.add(values.get(COMPLETIONS));
    topics.add(values.get(CHUNKS));
    topics.add(values.get(DEAD_LETTERS));
    if (values.get(DocumentSettings.ENABLED)) {
      topics.add(values.get(SUMMARIES));
    }
    return topics;
  }
}
