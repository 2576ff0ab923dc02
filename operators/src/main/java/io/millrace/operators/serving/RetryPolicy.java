package io.millrace.operators.serving;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/**
 * What waits for its next attempt, each with the end of its wait.
 *
 * @param <K> names it
 */
public final class RetryPolicy<K> {
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private final int maxAttempts;
  private final long firstBackoffMillis;
  private final ObjLongConsumer<K> timer;
  private final LongSupplier clock;
  private final Map<K, Long> due = new HashMap<>();

  /**
   * @param timer is to call {@link #onTimer} with the key and a time when it has come
   */
  public RetryPolicy(
      int maxAttempts, Duration backoff, ObjLongConsumer<K> timer, LongSupplier clock) {
    this.maxAttempts = maxAttempts;
    this.firstBackoffMillis = backoff.toMillis();
    this.timer = timer;
    this.clock = clock;
  }

  public int maxAttempts() {
    return maxAttempts;
  }

  /**
   * @param attempts failed so far
   */
  public void waitForNext(K key, int attempts) {
    long time = clock.getAsLong() + backoffMillis(attempts);
    due.put(key, time);
    timer.accept(key, time);
  }

  public boolean isWaiting(K key) {
    return due.containsKey(key);
  }

  /**
   * Ends the wait if it is over: a timer may be that of a wait that has ended otherwise.
   *
   * @param time that of the timer; the clock may have been set back since, and no other will come
   * @return whether it ended now
   */
  public boolean onTimer(K key, long time) {
    Long end = due.get(key);
    boolean over = end != null && end <= time;
    if (over) {
      due.remove(key);
    }
    return over;
  }

  public void forget(K key) {
    due.remove(key);
  }

  public void forgetIf(Predicate<K> condition) {
    due.keySet().removeIf(condition);
  }

  private long backoffMillis(int attempts) {
    return Math.min(firstBackoffMillis << Math.min(attempts - 1, 16), MAX_BACKOFF_MILLIS);
  }
}
