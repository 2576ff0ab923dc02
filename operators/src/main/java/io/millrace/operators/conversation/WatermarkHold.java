package io.millrace.operators.conversation;

import io.millrace.operators.conversation.state.Pending;
import java.util.TreeMap;

/** Keeps watermarks from overtaking requests that are still to be answered. */
final class WatermarkHold {
  private final TreeMap<Long, Integer> held = new TreeMap<>();
  private long input = Long.MIN_VALUE;
  private long output = Long.MIN_VALUE;

  void hold(Pending pending) {
    if (pending.hasTimestamp()) {
      held.merge(pending.timestamp(), 1, Integer::sum);
    }
  }

  void release(Pending pending) {
    if (pending.hasTimestamp()) {
      held.computeIfPresent(pending.timestamp(), (t, count) -> count == 1 ? null : count - 1);
    }
  }

  void arrived(long watermark) {
    input = Math.max(input, watermark);
  }

  /** Moves on as far as the oldest held request allows; true if {@link #output()} is a new one. */
  boolean advance() {
    long reachable = held.isEmpty() ? input : Math.min(input, held.firstKey() - 1);
    if (reachable <= output) {
      return false;
    }
    output = reachable;
    return true;
  }

  long output() {
    return output;
  }
}
