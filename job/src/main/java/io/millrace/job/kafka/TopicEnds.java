package io.millrace.job.kafka;

import io.millrace.job.config.KafkaSettings;
import io.millrace.job.config.MillraceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where a topic ends now. */
public final class TopicEnds {

  private TopicEnds() {}

  /**
   * The offset behind the last committed record of each partition.
   *
   * @throws KafkaException if the topic is not there or the brokers do not answer
   */
  public static Map<TopicPartition, Long> of(MillraceConfig config, String topic) {
    String servers = config.get(KafkaSettings.BOOTSTRAP_SERVERS);
    try (Admin admin = Admin.create(config.clientProperties())) {
      Map<TopicPartition, OffsetSpec> latest =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .get(topic)
              .partitions()
              .stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
      Map<TopicPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw new KafkaException(
          "cannot find the end of topic " + topic + " at " + servers, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while " + servers + " was asked", e);
    }
  }
}
