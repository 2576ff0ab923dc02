package io.millrace.job.kafka;

import io.millrace.job.config.MillraceConfig;
import io.millrace.operators.record.RecordSize;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that topics take the longest record that the job writes: one that is refused would
 * fail the job again after every restart.
 */
final class TopicSizes {
  private static final Logger LOG = LoggerFactory.getLogger(TopicSizes.class);

  private TopicSizes() {}

  /** What a topic of the job is created with; the brokers' default where that is enough. */
  static Map<String, String> settings(MillraceConfig config) {
    return config.maxRecordBytes() > RecordSize.KAFKA_DEFAULT
        ? Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(config.maxRecordBytes()))
        : Map.of();
  }

  /**
   * @throws IllegalArgumentException if a topic takes only shorter records
   */
  static void check(Admin admin, MillraceConfig config)
      throws ExecutionException, InterruptedException {
    Set<String> existing = admin.listTopics().names().get();
    List<ConfigResource> topics =
        config.outputTopics().stream()
            .filter(existing::contains)
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    for (var topic : admin.describeConfigs(topics).values().entrySet()) {
      try {
        check(topic.getKey().name(), topic.getValue().get(), config);
      } catch (ExecutionException e) {
        skipOrThrow(topic.getKey().name(), e);
      }
    }
  }

  private static void skipOrThrow(String topic, ExecutionException e) throws ExecutionException {
    if (e.getCause() instanceof AuthorizationException) {
      LOG.warn(
          "Cannot look at max.message.bytes of topic {}: {}", topic, e.getCause().getMessage());
    } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
      // An unknown one was created just now, and not every broker knows of it.
      throw e;
    }
  }

  private static void check(String topic, Config found, MillraceConfig config) {
    String max = found.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
    if (Long.parseLong(max) < config.maxRecordBytes()) {
      throw new IllegalArgumentException(
          "topic %s takes records of %s bytes at most (max.message.bytes) but the job writes up to %d: raise it or lower source.max-request-size"
              .formatted(topic, max, config.maxRecordBytes()));
    }
  }
}
