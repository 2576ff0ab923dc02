package io.millrace.operators;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The conversations whose head waits for its next attempt, each with the end of its wait. */
final class RetryPolicy {
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private final int maxAttempts;
  private final long firstBackoffMillis;
  private final ConversationTimers timers;
  private final LongSupplier clock;
  private final Map<String, Long> due = new HashMap<>();

  RetryPolicy(ConversationOptions options, ConversationTimers timers, LongSupplier clock) {
    this.maxAttempts = options.maxAttempts();
    this.firstBackoffMillis = options.retryBackoff().toMillis();
    this.timers = timers;
    this.clock = clock;
  }

  int maxAttempts() {
    return maxAttempts;
  }

  /**
   * Lets the current conversation wait.
   *
   * @param attempts failed so far
   */
  void waitForNext(String key, int attempts) {
    long time = clock.getAsLong() + backoffMillis(attempts);
    due.put(key, time);
    timers.retryAt(time);
  }

  boolean isWaiting(String key) {
    return due.containsKey(key);
  }

  /** Ends the wait if it is over: a timer may be that of a turn that has ended otherwise. */
  void onTimer(String key) {
    Long time = due.get(key);
    if (time != null && time <= clock.getAsLong()) {
      due.remove(key);
    }
  }

  void forget(String key) {
    due.remove(key);
  }

  private long backoffMillis(int attempts) {
    return Math.min(firstBackoffMillis << Math.min(attempts - 1, 16), MAX_BACKOFF_MILLIS);
  }
}
