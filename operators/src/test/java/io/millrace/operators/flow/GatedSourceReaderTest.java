package io.millrace.operators.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GatedSourceReaderTest {
  private final FlowControl control = FlowControl.of("operator");
  private final Numbers numbers = new Numbers();
  private FlowReporter operator;
  private volatile long[] totals = new long[2];
  private GatedSourceReader<Long, NumberSequenceSplit> reader;

  @BeforeEach
  void start() {
    operator = control.join(0, (flow, report) -> totals);
    reader = new GatedSourceReader<>(numbers, control);
  }

  @AfterEach
  void stop() throws Exception {
    reader.close();
    operator.close();
    assertThat(numbers.closed).isTrue();
  }

  @Test
  void shouldNotReadWhileTheOperatorIsFull() throws Exception {
    operator.report(5, true);
    assertThat(reader.pollNext(null)).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> available = reader.isAvailable();
    assertThat(available).isNotDone();
    assertThat(numbers.statuses).as("nothing was read").hasSize(2);

    operator.report(4, false);
    available.get();
    assertThat(reader.pollNext(null)).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(reader.isAvailable()).isSameAs(numbers.available);
  }

  @Test
  void shouldEndOnlyWhenWhatItReadHasArrivedAndIsAnswered() throws Exception {
    totals = new long[] {0, 1};
    operator.report(1, false);
    reader.pollNext(null);
    assertThat(reader.pollNext(null)).as("the end").isEqualTo(InputStatus.NOTHING_AVAILABLE);
    reader.notifyCheckpointComplete(1);
    CompletableFuture<Void> available = reader.isAvailable();
    assertThat(available).as("that checkpoint began before").isNotDone();

    reader.snapshotState(2);
    reader.snapshotState(3);
    reader.notifyCheckpointComplete(2);
    assertThat(available).isCompleted();
    assertThat(reader.pollNext(null)).as("still held").isEqualTo(InputStatus.NOTHING_AVAILABLE);

    operator.report(0, false);
    totals = new long[2];
    InputStatus status = reader.pollNext(null);
    while (status != InputStatus.END_OF_INPUT) {
      reader.isAvailable().get();
      status = reader.pollNext(null);
    }
    assertThat(numbers.statuses).isEmpty();
  }

  /** One number, then the end. */
  private static final class Numbers implements SourceReader<Long, NumberSequenceSplit> {
    private final Deque<InputStatus> statuses =
        new ArrayDeque<>(List.of(InputStatus.MORE_AVAILABLE, InputStatus.END_OF_INPUT));
    private final CompletableFuture<Void> available = new CompletableFuture<>();
    private boolean closed;

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Long> output) {
      return statuses.remove();
    }

    @Override
    public List<NumberSequenceSplit> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return available;
    }

    @Override
    public void addSplits(List<NumberSequenceSplit> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {
      closed = true;
    }
  }
}
