package io.millrace.engine.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * What each tenant used of the last tokens, at each priority; older tokens count ever less. Counted
 * in tokens, not in time, so a plan depends on nothing but what came before it.
 */
final class RecentUse {

  /** After so many tokens of anybody a token counts 1/e. */
  static final double HORIZON = 16_384;

  /** So many times the mean of the others is still a part like theirs. */
  private static final double TOLERANCE = 2;

  /** Who used less than this lately isn't counted as using the engine. */
  private static final double FORGOTTEN = 0.5;

  private record Share(int priority, String tenant) {
    static Share of(FairQueue.Entry entry) {
      return new Share(entry.priority(), entry.tenant());
    }
  }

  /** Tokens as they counted at a moment. */
  private record Use(double tokens, long at) {
    double now(long now) {
      return tokens * Math.exp((at - now) / HORIZON);
    }
  }

  private final Map<Share, Use> uses = new HashMap<>();
  private long now;
  private double all;

  void charge(FairQueue.Entry entry, int tokens) {
    now += tokens;
    Use before = uses.get(Share.of(entry));
    uses.put(Share.of(entry), new Use(tokens + (before == null ? 0 : before.now(now)), now));
  }

  /** Forgets old use and adds up the rest, until the next call. */
  void settle() {
    uses.values().removeIf(use -> use.now(now) < FORGOTTEN);
    all = uses.values().stream().mapToDouble(use -> use.now(now)).sum();
  }

  /**
   * Whether others use the engine too, and this one used more than twice what they did on average.
   */
  boolean exceedsPart(FairQueue.Entry entry) {
    Use use = uses.get(Share.of(entry));
    if (use == null || uses.size() == 1) {
      return false;
    }
    double own = use.now(now);
    return own > TOLERANCE * (all - own) / (uses.size() - 1);
  }
}
