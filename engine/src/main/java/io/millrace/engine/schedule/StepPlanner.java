package io.millrace.engine.schedule;

import io.millrace.engine.kv.BlockPool;
import io.millrace.engine.kv.KvCache;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/*
 * Design
 *
 * Order. What waits and what is prefilled comes by priority, then the tenant that is not far ahead
 * of others in tokens (computed ones: what the prefix cache holds is free), then the tenant with the
 * fewest places, then by arrival. With one tenant that is priority, then arrival.
 *
 * A step takes, in this order:
 *   1. one token of every running sequence that is past its prompt. An answer that has begun goes
 *      on at every step; a long prompt never makes it stutter.
 *   2. drafts behind those tokens, where the requests want them (DraftRows).
 *   3. chunks of prompts, in order, until the token budget is spent. Since no more sequences run
 *      than leave engine.min-prefill-tokens of the budget, decodes can't starve this, and drafts
 *      keep to the same bound. One tenant's long prompts keep the steps short while others are
 *      about (PromptRows).
 * A waiting sequence is admitted in the step in which the budget reaches it, if a place and blocks
 * are free. Only the best waiting one is looked at: a long prompt that must wait for blocks isn't
 * overtaken for ever by short ones. One whose prompt is being computed by another is passed over
 * (SharedPrefixes), as it waits only until that is done.
 *
 * Preemption for a place. Where none is free, or no blocks, the best waiting sequence takes them
 * from what ranks lowest: from a lower priority, or from a tenant that has at least two places more
 * at this priority. So a higher priority starts within a step, and so does a tenant that has
 * nothing running beside another's flood. Each admission preempts only what it needs, nothing
 * preempts its betters or equals, and what is exchanged is never exchanged back: it can't thrash.
 *
 * Blocks. Admission takes the blocks of all that is to be prefilled, so a prompt never stops half
 * way; it leaves one block for each running sequence, or fresh admissions would be thrown out
 * again at once. Answers take a block when they reach it. If none is left, the lowest ranked
 * running sequence gives up its blocks and waits again, with its tokens kept: it recomputes their
 * KV, as far as the prefix cache has not kept it. Worse than the best there's always a victim,
 * and alone the best one fits (the engine caps a sequence's length at the pool's size), so the
 * best ranked sequence advances at every step and everything ends.
 *
 * Late hits. What a prompt could share may be filled while it is being computed already, by one of
 * better rank that came later. So the cache is asked before every prefill chunk, not only at
 * admission.
 */

/** Decides what each step computes. Not thread-safe; knows neither model nor runtime. */
public final class StepPlanner {
  private final Limits limits;
  private final KvCache kv;
  private final FairQueue<Sequence> queue = new FairQueue<>();
  private final Set<Sequence> running = new LinkedHashSet<>();
  private final DraftRows draftRows;
  private final RecentUse use = new RecentUse();
  private final SharedPrefixes prefixes = new SharedPrefixes(use, queue);
  private long arrivals;
  private long preemptions;

  public StepPlanner(Limits limits, KvCache kv) {
    this.limits = limits;
    this.kv = kv;
    draftRows = new DraftRows(limits, kv.pool());
  }

  /** Lets a new sequence wait for its first step. */
  public void add(Sequence sequence) {
    sequence.arrival = arrivals++;
    sequence.attach(kv.newTable(sequence.prefixKey()));
    sequence.state = Sequence.State.WAITING;
    queue.add(sequence);
  }

  /** Ends a sequence for whatever reason; its full blocks stay in the prefix cache. */
  public void remove(Sequence sequence) {
    withdraw(sequence);
    sequence.releaseBlocks();
  }

  /** Ends a sequence whose KV can't be trusted: nobody will find its blocks again. */
  public void discard(Sequence sequence) {
    withdraw(sequence);
    sequence.discardBlocks();
  }

  private void withdraw(Sequence sequence) {
    if (!running.remove(sequence)) {
      queue.start(sequence);
    }
    queue.end(sequence);
    sequence.state = Sequence.State.ENDED;
  }

  /**
   * What to compute next, decodes first. Every chunk is to be {@link #complete completed} or its
   * sequence removed before the next plan.
   */
  public List<ScheduledTokens> plan() {
    use.settle();
    admit();
    List<ScheduledTokens> plan = new ArrayList<>();
    PreemptionOrder ranking = PreemptionOrder.of(running);
    for (int i = 0; i < ranking.size(); i++) {
      Sequence sequence = ranking.get(i);
      if (sequence.pending() == 1 && secureBlocks(sequence, ranking)) {
        plan.add(ScheduledTokens.of(sequence, 1));
      }
    }
    int decodes = plan.size() + draftRows.addTo(plan, running.size());
    PromptRows rows = new PromptRows(limits.maxBatchTokens() - decodes, limits, use);
    prefixes.clear();
    for (Sequence sequence : prompts()) {
      if (rows.haveRoomFor(sequence) && !prefixes.isBeingComputed(sequence)) {
        sequence.adoptCached();
        plan.add(ScheduledTokens.of(sequence, rows.take(sequence)));
      }
      prefixes.add(sequence);
    }
    return plan;
  }

  /** Tells that a chunk's keys and values are in the blocks now. */
  public void complete(ScheduledTokens chunk) {
    chunk.sequence().advance(chunk.tokens());
    queue.charge(chunk.sequence(), chunk.rows());
    use.charge(chunk.sequence(), chunk.rows());
  }

  /** Lets waiting sequences run as far as this step's budget reaches them. */
  private void admit() {
    Deque<Sequence> prompts = new ArrayDeque<>(prompts());
    int decodes = running.size() - prompts.size();
    PromptRows rows = new PromptRows(limits.maxBatchTokens() - decodes, limits, use);
    prefixes.clear();
    prompts.forEach(prefixes::add);
    Sequence best;
    while ((best = queue.bestOfAll(s -> !prefixes.isBeingComputed(s))) != null) {
      while (!prompts.isEmpty() && queue.order.compare(prompts.peek(), best) < 0) {
        rows.take(prompts.poll());
      }
      if (!rows.haveRoomFor(best) || !admit(best)) {
        return;
      }
      prompts.removeIf(sequence -> sequence.state != Sequence.State.RUNNING);
      rows.take(best);
      prefixes.add(best);
    }
  }

  /** Running sequences with more than one token to compute, in order. */
  private List<Sequence> prompts() {
    return running.stream().filter(s -> s.pending() > 1).sorted(queue.order).toList();
  }

  private boolean admit(Sequence sequence) {
    sequence.adoptCached();
    if (!makeRoom(sequence)) {
      sequence.releaseBlocks();
      return false;
    }
    sequence.table().reserve(sequence.length());
    queue.start(sequence);
    running.add(sequence);
    sequence.state = Sequence.State.RUNNING;
    return true;
  }

  /** Preempts no more than is needed, and nothing at all where it would not be enough. */
  private boolean makeRoom(Sequence sequence) {
    int needed = sequence.table().missing(sequence.length());
    int places = running.size();
    int blocks = kv.pool().available();
    if (places < limits.runnable() && needed + places <= blocks) {
      return true;
    }
    List<Sequence> victims = new ArrayList<>();
    for (Sequence victim : PreemptionOrder.of(running).victimsFor(sequence, queue)) {
      victims.add(victim);
      places--;
      blocks += victim.table().ownBlocks();
      if (places < limits.runnable() && needed + places <= blocks) {
        victims.forEach(this::preempt);
        return true;
      }
    }
    return false;
  }

  /** Victims rank below the sequence, so nothing that is planned already loses its blocks. */
  private boolean secureBlocks(Sequence sequence, PreemptionOrder ranking) {
    while (!sequence.table().reserve(sequence.length())) {
      Sequence victim = ranking.removeLast();
      preempt(victim);
      if (victim == sequence) {
        return false;
      }
    }
    return true;
  }

  private void preempt(Sequence victim) {
    running.remove(victim);
    victim.releaseBlocks();
    victim.state = Sequence.State.WAITING;
    queue.putBack(victim);
    preemptions++;
  }

  public boolean isIdle() {
    return queue.isEmpty() && running.isEmpty();
  }

  public int runningCount() {
    return running.size();
  }

  public int waitingCount() {
    return queue.size();
  }

  public long preemptions() {
    return preemptions;
  }

  public BlockPool pool() {
    return kv.pool();
  }
}
