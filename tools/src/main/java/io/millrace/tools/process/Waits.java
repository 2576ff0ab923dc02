package io.millrace.tools.process;

import java.time.Duration;

/** Waits for what other processes do. */
public final class Waits {
  private static final long PAUSE_MILLIS = 50;

  /** Whether something has come to pass; one that throws has not, yet. */
  @FunctionalInterface
  public interface Condition {
    boolean holds() throws Exception;
  }

  private Waits() {}

  /**
   * @throws IllegalStateException if it does not hold when this time is over; the cause is what the
   *     condition threw at last
   */
  public static void until(String what, Duration patience, Condition condition)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Exception failure = null;
      try {
        if (condition.holds()) {
          return;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        failure = e;
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "after " + patience.toSeconds() + " s it is not so that " + what, failure);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }
}
