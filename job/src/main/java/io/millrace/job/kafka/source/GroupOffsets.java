package io.millrace.job.kafka.source;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a consumer group goes on reading.
 *
 * @param client properties of a client of the brokers, with their addresses
 */
record GroupOffsets(String group, Properties client) implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupOffsets.class);

  /** Has the group go on where these splits start; returns when the brokers have it. */
  void commit(Collection<KafkaPartitionSplit> splits) throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (KafkaPartitionSplit split : splits) {
      offsets.put(split.getTopicPartition(), new OffsetAndMetadata(split.getStartingOffset()));
    }
    if (offsets.isEmpty()) {
      return;
    }
    try (Admin admin = Admin.create(client)) {
      admin.alterConsumerGroupOffsets(group, offsets).all().get();
    } catch (ExecutionException e) {
      LOG.warn(
          "Cannot commit the offsets of group {} at the end of a bounded run: the next one without"
              + " a checkpoint answers the last requests again",
          group,
          e.getCause());
    }
  }
}
