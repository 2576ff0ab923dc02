package io.millrace.engine.schedule;

import java.util.ArrayList;
import java.util.List;

/*
 * Design
 *
 * Prompts with the same beginning often arrive together. One of them computes the beginning and the
 * others take it from the prefix cache. They wait while it is being computed: not admitted, without
 * blocks and without a place.
 *
 * Each plan decides who waits for whom from the running sequences alone: a waiting sequence waits
 * for a running one, and a running one for those before it in the plan's order, while the other is
 * about to compute a block that both need. Nothing is remembered, so nothing can go stale: if the
 * leader ends, fails or loses its blocks, the next plan finds one of the others without a reason to
 * wait, and that one goes on from the last full block. No two wait for each other, and the first in
 * the plan's order waits for nobody.
 *
 * A sequence doesn't wait for one that is held back more than itself and might not get on: of lower
 * priority, of a tenant with more debt, or of one that steps take but a few prompt tokens of
 * (PromptRows). It is admitted and takes over what is done, and the other one waits for it from there.
 */

/** Knows, during one plan, which sequences should wait for one that computes their beginning. */
final class SharedPrefixes {
  private final RecentUse use;
  private final FairQueue<Sequence> queue;
  private final List<Sequence> computing = new ArrayList<>();

  SharedPrefixes(RecentUse use, FairQueue<Sequence> queue) {
    this.use = use;
    this.queue = queue;
  }

  /** Forgets the last plan. */
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
          && sequence.needsNextBlockOf(leader)
          && !isHeldBackMore(leader, sequence)) {
        return true;
      }
    }
    return false;
  }

  private boolean isHeldBackMore(Sequence leader, Sequence sequence) {
    return leader.priority() < sequence.priority()
        || leader.priority() == sequence.priority() && queue.debt(leader) > queue.debt(sequence)
        || use.exceedsPart(leader) && !use.exceedsPart(sequence);
  }
}
