package io.millrace.job.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Refuses unknown keys and values that cannot work; every message names the key. */
final class ConfigChecks {

  private static final Map<String, ConfigOption<?>> KNOWN =
      MillraceOptions.all().stream().collect(Collectors.toMap(ConfigOption::key, o -> o));
  private static final String KAFKA_PREFIX = MillraceOptions.KAFKA_PROPERTIES.key() + ".";

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

  private static final long MIN_REQUEST_BYTES = 1 << 10;
  private static final long MAX_REQUEST_BYTES = 512 << 20;

  private ConfigChecks() {}

  static void checkKnown(String key) {
    if (KNOWN.containsKey(key)) {
      return;
    }
    if (key.startsWith(KAFKA_PREFIX)) {
      String property = key.substring(KAFKA_PREFIX.length());
      if (RESERVED.contains(property)) {
        throw new IllegalArgumentException(
            key
                + " cannot be set: the job sets "
                + property
                + " itself (see kafka.*, source.*, sink.*)");
      }
      return;
    }
    String nearest =
        KNOWN.keySet().stream()
            .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
            .orElseThrow();
    throw new IllegalArgumentException(
        "unknown setting " + key + "; did you mean " + nearest + "? conf/millrace.yaml lists all");
  }

  private static int distance(String a, String b) {
    return LevenshteinDistance.getDefaultInstance().apply(a, b);
  }

  static void check(Configuration values) {
    // Reading a value parses it: a number that is none is refused here, not later in a task.
    MillraceOptions.all().forEach(values::get);

    atLeast(values, MillraceOptions.ENGINE_THREADS, 0);
    atLeast(values, MillraceOptions.ENGINE_MAX_RUNNING, 1);
    atLeast(values, MillraceOptions.ENGINE_MAX_BATCH_TOKENS, 1);
    atLeast(values, MillraceOptions.ENGINE_MIN_PREFILL_TOKENS, 0);
    atLeast(values, MillraceOptions.ENGINE_MAX_SEQUENCE_LENGTH, 0);
    atLeast(values, MillraceOptions.ENGINE_DRAFT_ROWS, 0);
    atLeast(values, MillraceOptions.ENGINE_DRAFT_SHORTEST_NGRAM, 1);
    atLeast(values, MillraceOptions.TOPICS_PARTITIONS, 1);
    atLeast(values, MillraceOptions.CONVERSATION_REMEMBERED_REQUESTS, 1);
    atLeast(values, MillraceOptions.RETRY_ATTEMPTS, 1);
    atLeast(values, MillraceOptions.JOB_PARALLELISM, 0);
    atLeast(values, MillraceOptions.CONVERSATION_MAX_BUFFERED, 1);
    for (ConfigOption<Duration> option :
        List.of(
            MillraceOptions.SOURCE_IDLENESS,
            MillraceOptions.CHECKPOINTS_INTERVAL,
            MillraceOptions.CHECKPOINTS_TIMEOUT,
            MillraceOptions.CONVERSATION_IDLE_TTL,
            MillraceOptions.RETRY_BACKOFF)) {
      if (values.get(option).toMillis() <= 0) {
        throw wrong(values, option, "must be at least 1 ms");
      }
    }
    if (values.get(MillraceOptions.CONVERSATION_MAX_BUFFERED_SIZE).getBytes() < 1) {
      throw wrong(
          values, MillraceOptions.CONVERSATION_MAX_BUFFERED_SIZE, "must be at least 1 byte");
    }
    ClientSettings.check(values.get(MillraceOptions.KAFKA_PROPERTIES));
    checkRequestSize(values);
    checkTransactionTimeout(values);
    checkTopicsDiffer(values);
  }

  private static void atLeast(Configuration values, ConfigOption<Integer> option, int least) {
    if (values.get(option) < least) {
      throw wrong(values, option, "must be at least " + least);
    }
  }

  private static void checkRequestSize(Configuration values) {
    long bytes = values.get(MillraceOptions.SOURCE_MAX_REQUEST_SIZE).getBytes();
    if (bytes < MIN_REQUEST_BYTES || bytes > MAX_REQUEST_BYTES) {
      throw wrong(
          values,
          MillraceOptions.SOURCE_MAX_REQUEST_SIZE,
          "must be 1 kb to 512 mb: a record is held in memory as a whole");
    }
  }

  private static void checkTransactionTimeout(Configuration values) {
    Duration checkpoint =
        values
            .get(MillraceOptions.CHECKPOINTS_INTERVAL)
            .plus(values.get(MillraceOptions.CHECKPOINTS_TIMEOUT));
    if (values.get(MillraceOptions.SINK_TRANSACTION_TIMEOUT).compareTo(checkpoint) <= 0) {
      throw wrong(
          values,
          MillraceOptions.SINK_TRANSACTION_TIMEOUT,
          "must be longer than checkpoints.interval plus checkpoints.timeout ("
              + checkpoint.toSeconds()
              + " s), or the broker aborts answers that a checkpoint is about to commit");
    }
  }

  private static void checkTopicsDiffer(Configuration values) {
    Set<String> seen = new HashSet<>();
    for (ConfigOption<String> option :
        List.of(
            MillraceOptions.TOPICS_REQUESTS,
            MillraceOptions.TOPICS_COMPLETIONS,
            MillraceOptions.TOPICS_CHUNKS,
            MillraceOptions.TOPICS_DEAD_LETTERS,
            MillraceOptions.TOPICS_DOCUMENTS,
            MillraceOptions.TOPICS_SUMMARIES)) {
      if (!seen.add(values.get(option))) {
        throw wrong(values, option, "is the topic of another kind of record already");
      }
    }
  }

  private static IllegalArgumentException wrong(
      Configuration values, ConfigOption<?> option, String why) {
    return new IllegalArgumentException(option.key() + " is " + values.get(option) + " but " + why);
  }
}
