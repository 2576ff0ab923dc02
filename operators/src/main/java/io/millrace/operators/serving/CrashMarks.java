package io.millrace.operators.serving;

import java.time.Duration;
import java.util.HashMap;
import org.apache.flink.api.common.functions.AggregateFunction;

/**
 * What was in an engine when its process died. It is kept where the job is managed, by Flink's
 * global aggregates, and so outlives a task manager that is killed before it can say anything. What
 * goes over the wire is of the JDK's types alone, because no user class loader reads it.
 *
 * <p>A report is {operation, incarnation of the task, 1 if alone} by key. The result is {deaths,
 * deaths alone in the engine} by key, for the keys that have any.
 */
final class CrashMarks
    implements AggregateFunction<
        HashMap<String, long[]>, HashMap<String, long[]>, HashMap<String, long[]>> {
  private static final long serialVersionUID = 1L;

  /** The key enters the engine. */
  static final long BEGIN = 0;

  /** It has left the engine, or its task has ended in order. */
  static final long END = 1;

  /** It is not in the engine, and its deaths so far are to be known when it enters again. */
  static final long WAIT = 2;

  /** A key that nobody asks for any more, because its conversation was cleared or cancelled. */
  static final Duration EXPIRY = Duration.ofHours(24);

  private static final int INCARNATION = 0;
  private static final int DEATHS = 1;
  private static final int ALONE_DEATHS = 2;
  private static final int ALONE = 3;
  private static final int TIME = 4;
  private static final int WAITS = 5;

  @Override
  public HashMap<String, long[]> createAccumulator() {
    return new HashMap<>();
  }

  @Override
  public HashMap<String, long[]> add(
      HashMap<String, long[]> report, HashMap<String, long[]> marks) {
    return add(report, marks, System.nanoTime());
  }

  static HashMap<String, long[]> add(
      HashMap<String, long[]> report, HashMap<String, long[]> marks, long now) {
    report.forEach(
        (key, said) -> {
          long[] mark = marks.get(key);
          if (said[0] == BEGIN) {
            marks.put(key, begin(mark, said, now));
          } else if (mark != null && mark[INCARNATION] == said[1]) {
            if (said[0] == WAIT) {
              mark[WAITS] = 1;
            } else {
              marks.remove(key);
            }
          }
        });
    marks.values().removeIf(mark -> now - mark[TIME] > EXPIRY.toNanos());
    return marks;
  }

  /** A mark that another incarnation left in its engine is that of a process that died. */
  private static long[] begin(long[] mark, long[] said, long now) {
    long deaths = 0;
    long aloneDeaths = 0;
    if (mark != null) {
      boolean died = mark[INCARNATION] != said[1] && mark[WAITS] == 0;
      deaths = mark[DEATHS] + (died ? 1 : 0);
      aloneDeaths = mark[ALONE_DEATHS] + (died ? mark[ALONE] : 0);
    }
    return new long[] {said[1], deaths, aloneDeaths, said[2], now, 0};
  }

  @Override
  public HashMap<String, long[]> getResult(HashMap<String, long[]> marks) {
    HashMap<String, long[]> deaths = new HashMap<>();
    marks.forEach(
        (key, mark) -> {
          if (mark[DEATHS] > 0) {
            deaths.put(key, new long[] {mark[DEATHS], mark[ALONE_DEATHS]});
          }
        });
    return deaths;
  }

  @Override
  public HashMap<String, long[]> merge(HashMap<String, long[]> a, HashMap<String, long[]> b) {
    a.putAll(b);
    return a;
  }
}
