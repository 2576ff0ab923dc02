package io.millrace.job.kafka.source;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Set;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/**
 * Where this run stops reading.
 *
 * @param offsets behind the last record of each partition; null where the run has no end
 */
record SplitEnds(HashMap<TopicPartition, Long> offsets) implements Serializable {

  static final SplitEnds NONE = new SplitEnds(null);

  Set<TopicPartition> partitions() {
    return offsets.keySet();
  }

  /** The split with the end that it has in this run. */
  KafkaPartitionSplit apply(KafkaPartitionSplit split) {
    return new KafkaPartitionSplit(
        split.getTopicPartition(), split.getStartingOffset(), of(split.getTopicPartition()));
  }

  private long of(TopicPartition partition) {
    // A partition that was not there at the start has nothing that this run is to read.
    return offsets == null
        ? KafkaPartitionSplit.NO_STOPPING_OFFSET
        : offsets.getOrDefault(partition, 0L);
  }

  /** What a split that was read to its end goes on with in another run. */
  static KafkaPartitionSplit behind(KafkaPartitionSplit finished) {
    long end = finished.getStoppingOffset().orElseThrow();
    return new KafkaPartitionSplit(
        finished.getTopicPartition(), Math.max(finished.getStartingOffset(), end));
  }
}
