package io.millrace.operators.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.clock.Clock;

/**
 * Gives an operator a wall clock that may be set back. As in a real task, it tells the time, and
 * how long a new timer waits; a timer that waits already comes when the harness's time has passed.
 */
final class WallClock<I, O> extends AbstractStreamOperatorFactory<O>
    implements OneInputStreamOperatorFactory<I, O> {
  private static final long serialVersionUID = 1L;

  // The factory is serialised: the clock is set through here.
  private static final AtomicLong BEHIND = new AtomicLong();

  private final OneInputStreamOperatorFactory<I, O> factory;

  WallClock(OneInputStreamOperatorFactory<I, O> factory) {
    this.factory = factory;
  }

  /** Sets by how much the clock is behind the harness's time. */
  static void setBehind(long millis) {
    BEHIND.set(millis);
  }

  @Override
  public <T extends StreamOperator<O>> T createStreamOperator(
      StreamOperatorParameters<O> parameters) {
    ProcessingTimeService time = new Behind(parameters.getProcessingTimeService());
    return factory.createStreamOperator(
        new StreamOperatorParameters<>(
            parameters.getContainingTask(),
            parameters.getStreamConfig(),
            parameters.getOutput(),
            () -> time,
            parameters.getOperatorEventDispatcher(),
            parameters.getMailboxExecutor()));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return factory.getStreamOperatorClass(classLoader);
  }

  private record Behind(ProcessingTimeService time) implements ProcessingTimeService {

    @Override
    public Clock getClock() {
      Clock clock = time.getClock();
      return new Clock() {
        @Override
        public long absoluteTimeMillis() {
          return clock.absoluteTimeMillis() - BEHIND.get();
        }

        @Override
        public long relativeTimeMillis() {
          return clock.relativeTimeMillis();
        }

        @Override
        public long relativeTimeNanos() {
          return clock.relativeTimeNanos();
        }
      };
    }

    @Override
    public ScheduledFuture<?> registerTimer(long timestamp, ProcessingTimeCallback target) {
      return time.registerTimer(
          timestamp + BEHIND.get(), fired -> target.onProcessingTime(timestamp));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        ProcessingTimeCallback callback, long initialDelay, long period) {
      return time.scheduleAtFixedRate(callback, initialDelay, period);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        ProcessingTimeCallback callback, long initialDelay, long period) {
      return time.scheduleWithFixedDelay(callback, initialDelay, period);
    }

    @Override
    public CompletableFuture<Void> quiesce() {
      return time.quiesce();
    }
  }
}
