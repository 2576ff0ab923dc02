package io.millrace.engine.schedule.draft;

/**
 * How many tokens are worth guessing next: more after guesses that came true, fewer after wrong
 * ones, and none for a while after one without a single right token. In a text that never repeats
 * itself one step in {@code MAX_PAUSE + 1} has one row too many.
 */
final class DraftPace {
  private static final int FIRST = 4;
  private static final int MAX_PAUSE = 31;

  private final int max;
  private int length;
  private int pause;
  private int resting;

  DraftPace(int max) {
    this.max = max;
    length = Math.min(FIRST, max);
  }

  /** Counts a step; 0 while resting. */
  int next() {
    if (resting > 0) {
      resting--;
      return 0;
    }
    return length;
  }

  /** Learns how a guess came out. */
  void learn(int drafted, int accepted) {
    if (accepted == 0) {
      length = Math.max(1, length / 2);
      pause = Math.min(MAX_PAUSE, 2 * pause + 1);
      resting = pause;
    } else {
      length = accepted == drafted ? Math.min(max, Math.max(length, 2 * drafted)) : accepted + 1;
      pause = 0;
    }
  }
}
