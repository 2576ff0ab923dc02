package io.millrace.job.kafka.source;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.AssignmentStatus;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.TopicPartition;

/**
 * Flink's Kafka source, whose end is that of this run and not of the one that wrote the checkpoint.
 * By itself a resumed split keeps the stopping offset that it had, a partition that was read to its
 * end is in no reader's state and so never read again, and a resumed bounded source never ends. Its
 * state is that of Flink's source.
 */
public final class ResumableKafkaSource<T>
    implements Source<T, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<T> {
  private static final long serialVersionUID = 1;

  private final KafkaSource<T> source;
  private final SplitEnds ends;
  private final GroupOffsets group;

  private ResumableKafkaSource(KafkaSource<T> source, SplitEnds ends, GroupOffsets group) {
    this.source = source;
    this.ends = ends;
    this.group = group;
  }

  /** Reads for ever. */
  public static <T> ResumableKafkaSource<T> unbounded(KafkaSourceBuilder<T> source) {
    return new ResumableKafkaSource<>(source.build(), SplitEnds.NONE, null);
  }

  /**
   * @param ends offset behind the last record to read, of each partition
   * @param group whose offsets are committed at the end
   * @param client properties of a client of the brokers, with their addresses
   */
  public static <T> ResumableKafkaSource<T> bounded(
      KafkaSourceBuilder<T> source,
      Map<TopicPartition, Long> ends,
      String group,
      Properties client) {
    return new ResumableKafkaSource<>(
        source.setBounded(OffsetsInitializer.offsets(ends)).build(),
        new SplitEnds(new HashMap<>(ends)),
        new GroupOffsets(group, client));
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    return new ResumableReader<>(source.createReader(context), ends, group);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    return source.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
      throws Exception {
    if (getBoundedness() == Boundedness.CONTINUOUS_UNBOUNDED || !state.initialDiscoveryFinished()) {
      return source.restoreEnumerator(context, state);
    }
    // With all partitions known no discovery adds one after the readers were told that none comes.
    return new EndingEnumerator(source.restoreEnumerator(context, withNew(state)), context);
  }

  private KafkaSourceEnumState withNew(KafkaSourceEnumState state) {
    Set<SplitAndAssignmentStatus> splits = new HashSet<>(state.splits());
    Set<TopicPartition> missing = new HashSet<>(ends.partitions());
    splits.forEach(split -> missing.remove(split.split().getTopicPartition()));
    for (TopicPartition partition : missing) {
      splits.add(
          new SplitAndAssignmentStatus(
              new KafkaPartitionSplit(partition, KafkaPartitionSplit.EARLIEST_OFFSET),
              AssignmentStatus.UNASSIGNED));
    }
    return new KafkaSourceEnumState(splits, true);
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return source.getProducedType();
  }
}
