package io.millrace.operators.flow;

import java.time.Duration;
import java.util.HashMap;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;

/**
 * Adds up what the subtasks of an operator report. It runs where the job is managed, by Flink's
 * global aggregates; what goes over the wire is of the JDK's types alone, because no user class
 * loader reads it.
 *
 * <p>A report is {records held, 1 if full} by subtask; {@link #LEFT} as the number of records takes
 * a subtask out. The result is {full subtasks, records held}.
 */
final class FlowTotals
    implements AggregateFunction<HashMap<String, long[]>, HashMap<String, long[]>, long[]> {
  private static final long serialVersionUID = 1L;

  /** Reported once by a subtask that ends. */
  static final long LEFT = -1;

  /** A task manager that died reports no more: what it held must not stop the others for ever. */
  static final Duration EXPIRY = Duration.ofSeconds(10);

  /** Exchanges reports over the job's master. */
  static FlowExchange over(GlobalAggregateManager aggregates) {
    FlowTotals totals = new FlowTotals();
    return (flow, report) -> aggregates.updateGlobalAggregate(flow, report, totals);
  }

  @Override
  public HashMap<String, long[]> createAccumulator() {
    return new HashMap<>();
  }

  @Override
  public HashMap<String, long[]> add(
      HashMap<String, long[]> report, HashMap<String, long[]> known) {
    return add(report, known, System.nanoTime());
  }

  static HashMap<String, long[]> add(
      HashMap<String, long[]> report, HashMap<String, long[]> known, long now) {
    report.forEach(
        (subtask, level) -> {
          if (level[0] == LEFT) {
            known.remove(subtask);
          } else {
            known.put(subtask, new long[] {level[0], level[1], now});
          }
        });
    known.values().removeIf(level -> now - level[2] > EXPIRY.toNanos());
    return known;
  }

  @Override
  public long[] getResult(HashMap<String, long[]> known) {
    long[] totals = new long[2];
    for (long[] level : known.values()) {
      totals[0] += level[1];
      totals[1] += level[0];
    }
    return totals;
  }

  @Override
  public HashMap<String, long[]> merge(HashMap<String, long[]> a, HashMap<String, long[]> b) {
    a.putAll(b);
    return a;
  }
}
