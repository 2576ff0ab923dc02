package io.millrace.engine.schedule;

import java.util.ArrayList;
import java.util.List;

/*
 * Design
 *
 * Prompts with one beginning often arrive together. One of them is to compute it and the others are
 * to take it from the prefix cache, so they wait while it is being computed: unadmitted, without
 * blocks and without a place.
 *
 * Who waits for whom follows from the running sequences alone, anew in each plan: a waiting sequence
 * waits for a running one, and a running one for those before it in the plan's order, while that
 * other one is about to compute a block that it needs as well. Nothing is remembered, so nothing
 * can go stale: if the leader ends, fails or loses its blocks, the next plan finds one of the others
 * without a reason to wait, and that one goes on from the last full block. No two wait for each
 * other, and the first in the plan's order waits for nobody.
 *
 * A sequence doesn't wait for one of lower priority, which might not get on. It is admitted and takes
 * over what is done, and the other one waits for it from there.
 */

/** Tells during one plan which sequences had better wait for one that is computing their prompt. */
final class SharedPrefixes {
  private final List<Sequence> computing = new ArrayList<>();

  /** Begins anew. */
  void clear() {
    computing.clear();
  }

  /** Notes a running sequence with a prompt to compute. */
  void add(Sequence sequence) {
    computing.add(sequence);
  }

  /** Whether one of those noted is about to compute what this one needs next. */
  boolean isBeingComputed(Sequence sequence) {
    for (Sequence leader : computing) {
      if (leader.state == Sequence.State.RUNNING // not preempted since
          && leader.priority() >= sequence.priority()
          && sequence.needsNextBlockOf(leader)) {
        return true;
      }
    }
    return false;
  }
}
