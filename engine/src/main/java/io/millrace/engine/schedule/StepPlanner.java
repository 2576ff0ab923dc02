package io.millrace.engine.schedule;

import io.millrace.engine.kv.BlockPool;
import io.millrace.engine.kv.KvCache;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/*
 * Design
 *
 * Rank. Every sequence has one place for life: priority first, then arrival. Waiting and running
 * sequences are both ordered by it.
 *
 * A step takes, in this order:
 *   1. one token of every running sequence that is past its prompt. An answer that has begun goes
 *      on at every step; a long prompt never makes it stutter.
 *   2. chunks of the running prompts, best rank first, until the token budget is spent. Since no
 *      more sequences run than leave engine.min-prefill-tokens of the budget, decodes can't starve this.
 *   3. waiting sequences while budget, places and blocks last. Only the best waiting one is looked
 *      at: a long prompt that must wait for blocks isn't overtaken for ever by short ones.
 *
 * Blocks. Admission takes the blocks of all that is to be prefilled, so a prompt never stops half
 * way; it leaves one block for each running sequence, or fresh admissions would be thrown out
 * again at once. Answers take a block when they reach it. If none is left, the worst ranked
 * running sequence gives up its blocks and waits again, with its tokens kept: it recomputes their
 * KV, as far as the prefix cache has not kept it. Worse than the best there's always a victim,
 * and alone the best one fits (the engine caps a sequence's length at the pool's size), so the
 * best ranked sequence advances at every step and everything ends.
 *
 * Late hits. Two prompts with one beginning often arrive together, before the first has filled the
 * blocks that the second could share. So the cache is asked before every prefill chunk, not only
 * at admission.
 */

/** Decides what each step computes. Not thread-safe; knows neither model nor runtime. */
public final class StepPlanner {
  private static final Comparator<Sequence> RANK =
      Comparator.comparingInt(Sequence::priority).reversed().thenComparingLong(s -> s.arrival);

  private final Limits limits;
  private final KvCache kv;
  private final TreeSet<Sequence> waiting = new TreeSet<>(RANK);
  private final TreeSet<Sequence> running = new TreeSet<>(RANK);
  private long arrivals;
  private long preemptions;

  public StepPlanner(Limits limits, KvCache kv) {
    this.limits = limits;
    this.kv = kv;
  }

  /** Lets a new sequence wait for its first step. */
  public void add(Sequence sequence) {
    sequence.arrival = arrivals++;
    sequence.attach(kv.newTable(sequence.ropeAlpha()));
    sequence.state = Sequence.State.WAITING;
    waiting.add(sequence);
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
    (sequence.state == Sequence.State.RUNNING ? running : waiting).remove(sequence);
    sequence.state = Sequence.State.ENDED;
  }

  /**
   * What to compute next, decodes first. Every chunk is to be {@link #complete completed} or its
   * sequence removed before the next plan.
   */
  public List<Chunk> plan() {
    List<Chunk> plan = new ArrayList<>();
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.state == Sequence.State.RUNNING
          && sequence.pending() == 1
          && secureBlocks(sequence)) {
        plan.add(Chunk.of(sequence, 1));
      }
    }
    int budget = limits.maxBatchTokens() - plan.size();
    for (Sequence sequence : running) {
      if (sequence.pending() > 1 && budget > 0) {
        budget -= prefill(sequence, budget, plan);
      }
    }
    while (budget > 0 && running.size() < limits.runnable() && !waiting.isEmpty()) {
      Sequence best = waiting.first();
      if (!admit(best)) {
        break;
      }
      budget -= prefill(best, budget, plan);
    }
    return plan;
  }

  /** Tells that a chunk's keys and values are in the blocks now. */
  public void complete(Chunk chunk) {
    chunk.sequence().advance(chunk.tokens());
  }

  private int prefill(Sequence sequence, int budget, List<Chunk> plan) {
    sequence.adoptCached();
    Chunk chunk = Chunk.of(sequence, budget);
    plan.add(chunk);
    return chunk.tokens();
  }

  /** Victims rank below the sequence, so nothing that is planned already loses its blocks. */
  private boolean secureBlocks(Sequence sequence) {
    while (!sequence.table().reserve(sequence.length())) {
      Sequence victim = running.last();
      running.remove(victim);
      victim.releaseBlocks();
      victim.state = Sequence.State.WAITING;
      waiting.add(victim);
      preemptions++;
      if (victim == sequence) {
        return false;
      }
    }
    return true;
  }

  private boolean admit(Sequence sequence) {
    sequence.adoptCached();
    int needed = sequence.table().missing(sequence.length()) + running.size();
    if (needed > kv.pool().available()) {
      sequence.releaseBlocks();
      return false;
    }
    sequence.table().reserve(sequence.length());
    waiting.remove(sequence);
    running.add(sequence);
    sequence.state = Sequence.State.RUNNING;
    return true;
  }

  public boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  public int runningCount() {
    return running.size();
  }

  public int waitingCount() {
    return waiting.size();
  }

  public long preemptions() {
    return preemptions;
  }

  public BlockPool pool() {
    return kv.pool();
  }
}
