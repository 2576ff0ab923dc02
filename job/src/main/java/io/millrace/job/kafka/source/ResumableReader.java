package io.millrace.job.kafka.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;

/** Gives splits the ends of this run, and keeps the place of those that were read to the end. */
final class ResumableReader<T> implements SourceReader<T, KafkaPartitionSplit> {
  private final SourceReader<T, KafkaPartitionSplit> reader;
  private final SplitEnds ends;
  private final GroupOffsets group;
  private final Map<String, KafkaPartitionSplit> assigned = new LinkedHashMap<>();

  /** Whether all is read, and the first checkpoint since; -1 before there is one. */
  private boolean ended;

  private long checkpointOfEnd = -1;
  private boolean committed;

  ResumableReader(SourceReader<T, KafkaPartitionSplit> reader, SplitEnds ends, GroupOffsets group) {
    this.reader = reader;
    this.ends = ends;
    this.group = group;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    List<KafkaPartitionSplit> ofThisRun = splits.stream().map(ends::apply).toList();
    ofThisRun.forEach(split -> assigned.put(split.splitId(), split));
    reader.addSplits(ofThisRun);
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    if (ended && checkpointOfEnd < 0) {
      checkpointOfEnd = checkpointId;
    }
    List<KafkaPartitionSplit> splits = new ArrayList<>(reader.snapshotState(checkpointId));
    Map<String, KafkaPartitionSplit> finished = new LinkedHashMap<>(assigned);
    splits.forEach(split -> finished.remove(split.splitId()));
    finished.values().forEach(split -> splits.add(SplitEnds.behind(split)));
    return splits;
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    InputStatus status = reader.pollNext(output);
    ended = status == InputStatus.END_OF_INPUT;
    return status;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return reader.isAvailable();
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    reader.handleSourceEvents(event);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> pause, Collection<String> resume) {
    reader.pauseOrResumeSplits(pause, resume);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
    if (checkpointOfEnd >= 0 && checkpointId >= checkpointOfEnd && !committed) {
      // Flink's reader leaves this to a thread that ends with the task, often before it is done.
      group.commit(assigned.values().stream().map(SplitEnds::behind).toList());
      committed = true;
    }
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void close() throws Exception {
    reader.close();
  }
}
