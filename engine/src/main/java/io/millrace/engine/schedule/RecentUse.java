package io.millrace.engine.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * How many tokens each tenant used lately, at each priority; older tokens count less and less. Age
 * is counted in tokens, not in time, so a plan depends on nothing but what came before it.
 *
 * <p>Priorities are not compared: a higher one preempts, and a lower one fills the batch as it can.
 */
final class RecentUse {

  /** When all tenants together have used this many more tokens, a token counts 1/e. */
  static final double HORIZON = 16_384;

  /** A tenant may use this many times the mean of the others before it uses too much. */
  private static final double TOLERANCE = 2;

  /** A tenant that used less than this lately doesn't count as using the engine. */
  private static final double FORGOTTEN = 0.5;

  /** What a tenant had used, weighted by age, at the moment {@code at}. */
  private record Use(double tokens, long at) {
    double now(long now) {
      return tokens * Math.exp((at - now) / HORIZON);
    }
  }

  /** The use at one priority. */
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

  /**
   * Whether other tenants use the engine at its priority, and it used more than twice their mean.
   */
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
