package io.millrace.job.config;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Every setting of conf/millrace.yaml with its default and its description; the file and the table
 * in docs/settings.md are written from here. Refuses unknown keys and values that cannot work.
 */
final class AllSettings {

  /** In the order of the file. */
  private static final List<Class<?>> CONCERNS =
      List.of(
          EngineSettings.class,
          DraftSettings.class,
          KafkaSettings.class,
          TopicSettings.class,
          SourceSettings.class,
          SinkSettings.class,
          CheckpointSettings.class,
          ConversationSettings.class,
          RetrySettings.class,
          SamplingSettings.class,
          DocumentSettings.class,
          SummaryPromptSettings.class,
          JobSettings.class);

  private static final List<ConfigOption<?>> ALL =
      CONCERNS.stream().flatMap(concern -> optionsOf(concern).stream()).toList();

  private static final Map<String, ConfigOption<?>> BY_KEY =
      ALL.stream().collect(Collectors.toMap(ConfigOption::key, option -> option));

  private AllSettings() {}

  /** In the order of their declaration. */
  static List<ConfigOption<?>> all() {
    return ALL;
  }

  private static List<ConfigOption<?>> optionsOf(Class<?> concern) {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (Field field : concern.getDeclaredFields()) {
      if (field.getType() == ConfigOption.class) {
        try {
          options.add((ConfigOption<?>) field.get(null));
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return options;
  }

  /**
   * @throws IllegalArgumentException if there is no such key, with the one that is most like it
   */
  static void checkKnown(String key) {
    if (BY_KEY.containsKey(key) || KafkaSettings.isProperty(key)) {
      return;
    }
    String nearest =
        BY_KEY.keySet().stream()
            .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
            .orElseThrow();
    throw new IllegalArgumentException(
        "unknown setting " + key + "; did you mean " + nearest + "? conf/millrace.yaml lists all");
  }

  private static int distance(String a, String b) {
    return LevenshteinDistance.getDefaultInstance().apply(a, b);
  }

  /**
   * @throws IllegalArgumentException if a value cannot be read or cannot work
   */
  static void check(ReadableConfig values) {
    // Reading a value parses it: a number that is none is refused here, not later in a task.
    ALL.forEach(values::get);

    EngineSettings.check(values);
    DraftSettings.check(values);
    KafkaSettings.check(values);
    TopicSettings.check(values);
    SourceSettings.check(values);
    SinkSettings.check(values);
    CheckpointSettings.check(values);
    ConversationSettings.check(values);
    RetrySettings.check(values);
    JobSettings.check(values);
    // Documents' options look at themselves.
    DocumentSettings.of(values);
  }
}
