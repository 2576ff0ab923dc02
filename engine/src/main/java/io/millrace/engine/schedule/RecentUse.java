package io.millrace.engine.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * What each tenant used of the last tokens, at each priority; older tokens count ever less. Counted
 * in tokens, not in time, so a plan depends on nothing but what came before it.
 *
 * <p>Priorities are not compared: what comes at a higher one preempts, and what lies below fills
 * the batch as it can.
 */
final class RecentUse {

  /** After so many tokens of anybody a token counts 1/e. */
  static final double HORIZON = 16_384;

  /** So many times the mean of the others is still a part like theirs. */
  private static final double TOLERANCE = 2;

  /** Who used less than this lately isn't counted as using the engine. */
  private static final double FORGOTTEN = 0.5;

  /** Tokens as they counted at a moment. */
  private record Use(double tokens, long at) {
    double now(long now) {
      return tokens * Math.exp((at - now) / HORIZON);
    }
  }

  /** Of one priority. */
  private final class Level {
    private final Map<String, Use> uses = new HashMap<>();
    private double all;

    void settle() {
      uses.values().removeIf(use -> use.now(now) < FORGOTTEN);
      all = uses.values().stream().mapToDouble(use -> use.now(now)).sum();
    }
  }

  private final Map<Integer, Level> levels = new HashMap<>();
  private long now;

  void charge(FairQueue.Entry entry, int tokens) {
    now += tokens;
    levels
        .computeIfAbsent(entry.priority(), priority -> new Level())
        .uses
        .merge(
            entry.tenant(),
            new Use(tokens, now),
            (before, more) -> new Use(before.now(now) + tokens, now));
  }

  /** Forgets old use and adds up the rest, until the next call. */
  void settle() {
    levels.values().forEach(Level::settle);
    levels.values().removeIf(level -> level.uses.isEmpty());
  }

  /** Whether others of its priority are about, and it used more than twice their mean. */
  boolean exceedsPart(FairQueue.Entry entry) {
    Level level = levels.get(entry.priority());
    Use use = level == null ? null : level.uses.get(entry.tenant());
    if (use == null || level.uses.size() == 1) {
      return false;
    }
    double own = use.now(now);
    return own > TOLERANCE * (level.all - own) / (level.uses.size() - 1);
  }
}
