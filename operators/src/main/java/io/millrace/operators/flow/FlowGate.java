package io.millrace.operators.flow;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the subtasks of a flow meet in one JVM: operators say what they hold, sources ask whether
 * they may read on. What other JVMs say comes in rounds. Safe to use from any thread.
 */
final class FlowGate {
  private static final Logger LOG = LoggerFactory.getLogger(FlowGate.class);
  private static final Duration ROUND = Duration.ofMillis(200);

  /** Longer than any JVM's reports are old: then it is not an old report that says empty. */
  private static final int ROUNDS_OF_EMPTINESS = 5;

  private final String flow;
  private final Map<String, long[]> local = new HashMap<>();
  private final Map<String, long[]> left = new HashMap<>();

  /** Who speaks for a subtask: after a restart the one before it may still be on its way out. */
  private final Map<String, Object> speakers = new HashMap<>();

  private ScheduledExecutorService rounds;
  private FlowExchange exchange;
  private boolean fullElsewhere;
  private int emptyRounds;
  private CompletableFuture<Void> change = new CompletableFuture<>();

  FlowGate(String flow) {
    this.flow = flow;
  }

  /** Whether a source may read on. */
  synchronized boolean isOpen() {
    return !fullElsewhere && local.values().stream().noneMatch(level -> level[1] != 0);
  }

  /**
   * Whether no operator of the flow holds anything, in no JVM, and has not for some rounds. Begin
   * with {@link #awaitEmptiness}.
   */
  synchronized boolean isEmpty() {
    return exchange == null || emptyRounds >= ROUNDS_OF_EMPTINESS;
  }

  /** Begins to count rounds in which nothing is held. */
  synchronized void awaitEmptiness() {
    emptyRounds = 0;
  }

  /** Is completed when the gate may be open, or the flow empty, and it was not so before. */
  synchronized CompletableFuture<Void> nextChange() {
    return change;
  }

  /** Adds a subtask; rounds begin with the first. */
  synchronized void join(String subtask, Object speaker, FlowExchange with) {
    add(subtask, speaker, with);
    if (rounds == null) {
      rounds =
          Executors.newSingleThreadScheduledExecutor(
              work -> {
                Thread thread = new Thread(work, "flow " + flow);
                thread.setDaemon(true);
                return thread;
              });
      rounds.scheduleWithFixedDelay(this::roundIfItCan, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  synchronized void add(String subtask, Object speaker, FlowExchange with) {
    speakers.put(subtask, speaker);
    exchange = with;
    left.remove(subtask);
    local.put(subtask, new long[2]);
  }

  void report(String subtask, Object speaker, long held, boolean full) {
    CompletableFuture<Void> changed = null;
    synchronized (this) {
      if (speakers.get(subtask) != speaker) {
        return;
      }
      boolean before = isOpen();
      local.put(subtask, new long[] {held, full ? 1 : 0});
      if (held > 0) {
        emptyRounds = 0;
      }
      if (!before && isOpen()) {
        changed = renewChange();
      }
    }
    complete(changed);
  }

  synchronized void leave(String subtask, Object speaker) {
    if (speakers.remove(subtask, speaker)) {
      local.remove(subtask);
      left.put(subtask, new long[] {FlowTotals.LEFT, 0});
    }
  }

  /** An executor ends without a word what throws once: a closed gate would never open again. */
  private void roundIfItCan() {
    try {
      round();
    } catch (Throwable e) {
      LOG.error("A round of flow {} failed; there will be others", flow, e);
    }
  }

  /** Tells the others, and hears of them. */
  void round() {
    HashMap<String, long[]> report;
    FlowExchange with;
    synchronized (this) {
      report = new HashMap<>(local);
      report.putAll(left);
      left.clear();
      with = exchange;
    }
    long[] totals;
    try {
      totals = with.exchange(flow, report);
    } catch (IOException | RuntimeException e) {
      // The job's master may be on its way back; until then this JVM goes by what it knows itself.
      LOG.debug("No word of flow {} from the job's master", flow, e);
      totals = new long[] {0, 1};
    }
    CompletableFuture<Void> changed;
    synchronized (this) {
      fullElsewhere = totals[0] > 0 && local.values().stream().noneMatch(level -> level[1] != 0);
      emptyRounds = totals[1] == 0 ? emptyRounds + 1 : 0;
      changed = isOpen() || isEmpty() ? renewChange() : null;
    }
    complete(changed);
  }

  private CompletableFuture<Void> renewChange() {
    CompletableFuture<Void> old = change;
    change = new CompletableFuture<>();
    return old;
  }

  private static void complete(CompletableFuture<Void> changed) {
    if (changed != null) {
      changed.complete(null);
    }
  }

  /** Nobody uses it any more. */
  void close() {
    ScheduledExecutorService running;
    synchronized (this) {
      running = rounds;
      rounds = null;
    }
    if (running != null) {
      running.execute(this::round);
      running.shutdown();
    }
  }
}
