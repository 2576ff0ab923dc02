package io.millrace.operators.flow;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;

/**
 * Reads while the gate of its flow is open. Having read all of a bounded source it stays until the
 * operators have answered everything: a checkpoint that began after its last record has brought
 * that record to them or into the channels before them, and from then on what they hold must come
 * to nothing and stay so for some rounds. What is late all the same is answered when the input
 * ends.
 *
 * @param <T> what it reads
 * @param <S> its splits
 */
final class GatedSourceReader<T, S extends SourceSplit> implements SourceReader<T, S> {
  private final SourceReader<T, S> reader;
  private final FlowControl flow;
  private final FlowGate gate;
  private boolean hasReadAll;
  private OptionalLong checkpointBehindAll = OptionalLong.empty();
  private boolean allHaveArrived;
  private CompletableFuture<Void> arrival = new CompletableFuture<>();

  GatedSourceReader(SourceReader<T, S> reader, FlowControl flow) {
    this.reader = reader;
    this.flow = flow;
    gate = flow.acquire();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    if (hasReadAll) {
      return allHaveArrived && gate.isEmpty()
          ? InputStatus.END_OF_INPUT
          : InputStatus.NOTHING_AVAILABLE;
    }
    if (!gate.isOpen()) {
      return InputStatus.NOTHING_AVAILABLE;
    }
    InputStatus status = reader.pollNext(output);
    if (status != InputStatus.END_OF_INPUT) {
      return status;
    }
    hasReadAll = true;
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    if (hasReadAll) {
      return allHaveArrived ? gate.nextChange() : arrival;
    }
    // The future first: it must not miss that the gate opens in between.
    CompletableFuture<Void> change = gate.nextChange();
    return gate.isOpen() ? reader.isAvailable() : change;
  }

  @Override
  public List<S> snapshotState(long checkpointId) {
    if (hasReadAll && checkpointBehindAll.isEmpty()) {
      checkpointBehindAll = OptionalLong.of(checkpointId);
    }
    return reader.snapshotState(checkpointId);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
    if (!allHaveArrived
        && checkpointBehindAll.isPresent()
        && checkpointId >= checkpointBehindAll.getAsLong()) {
      allHaveArrived = true;
      gate.awaitEmptiness();
      arrival.complete(null);
    }
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public void addSplits(List<S> splits) {
    reader.addSplits(splits);
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
  public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
    reader.pauseOrResumeSplits(toPause, toResume);
  }

  @Override
  public void close() throws Exception {
    try {
      reader.close();
    } finally {
      flow.release();
    }
  }
}
