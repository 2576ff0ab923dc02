package io.millrace.engine.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders running sequences by who keeps its place longest: priority first, then the first of every
 * tenant before the second of any, then arrival. The last one is the next to be preempted.
 */
final class PreemptionOrder {
  private static final Comparator<Sequence> BY_PRIORITY =
      Comparator.comparingInt(Sequence::priority).reversed();

  private final List<Sequence> ranked;

  /** Which of its tenant's sequences at its priority each is, from 1. */
  private final Map<Sequence, Integer> turns;

  private PreemptionOrder(List<Sequence> ranked, Map<Sequence, Integer> turns) {
    this.ranked = ranked;
    this.turns = turns;
  }

  private record Share(int priority, String tenant) {}

  static PreemptionOrder of(Collection<Sequence> running) {
    List<Sequence> sequences = new ArrayList<>(running);
    sequences.sort(BY_PRIORITY.thenComparingLong(Sequence::arrival));
    Map<Share, Integer> places = new HashMap<>();
    Map<Sequence, Integer> turns = new HashMap<>();
    for (Sequence sequence : sequences) {
      Share share = new Share(sequence.priority(), sequence.tenant());
      turns.put(sequence, places.merge(share, 1, Integer::sum));
    }
    sequences.sort(BY_PRIORITY.thenComparing(turns::get).thenComparingLong(Sequence::arrival));
    return new PreemptionOrder(sequences, turns);
  }

  /**
   * The running sequences that may lose their places to a waiting one, in the order in which they
   * would: those of a lower priority, then those of tenants that have at least two places more at
   * the same priority and no less debt. So an exchange always makes shares more equal, and nothing
   * is exchanged back.
   */
  List<Sequence> victimsFor(Sequence waiting, FairQueue<Sequence> queue) {
    int own = queue.running(waiting);
    List<Sequence> victims = new ArrayList<>();
    for (int i = ranked.size() - 1; i >= 0; i--) {
      Sequence last = ranked.get(i);
      boolean lower = last.priority() < waiting.priority();
      boolean tooMany =
          last.priority() == waiting.priority()
              && turns.get(last) > own + 1
              && queue.debt(last) >= queue.debt(waiting);
      if (!lower && !tooMany) {
        break;
      }
      victims.add(last);
    }
    return victims;
  }

  Sequence get(int index) {
    return ranked.get(index);
  }

  int size() {
    return ranked.size();
  }

  Sequence removeLast() {
    return ranked.remove(ranked.size() - 1);
  }
}
