package io.millrace.tools.files;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;

/**
 * Lets a source emit so many elements and then be idle without ending. Once a source has ended,
 * whoever still works behind it takes part in no checkpoint.
 */
record IdleAfter(int elements) implements RateLimiterStrategy<NumberSequenceSplit> {
  private static final long serialVersionUID = 1L;

  @Override
  public RateLimiter<NumberSequenceSplit> createRateLimiter(int parallelism) {
    return new Limiter(elements);
  }

  private static final class Limiter implements RateLimiter<NumberSequenceSplit> {
    private int left;

    private Limiter(int left) {
      this.left = left;
    }

    @Override
    public CompletionStage<Void> acquire(int number) {
      left -= number;
      return left >= 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
    }
  }
}
