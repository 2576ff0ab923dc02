package io.millrace.operators.serving;

import java.time.Duration;
import java.util.HashMap;
import org.apache.flink.api.common.functions.AggregateFunction;

/**
 * What was in an engine when its process died. It is kept where the job is managed, by Flink's
 * global aggregates, and so outlives a task manager that is killed before it can say anything. What
 * goes over the wire is of the JDK's types alone, because no user class loader reads it.
 *
 * <p>A report is {operation, incarnation of the task} by key. The result is the number of deaths by
 * key, for the keys that have any.
 */
final class CrashMarks
    implements AggregateFunction<
        HashMap<String, long[]>, HashMap<String, long[]>, HashMap<String, Integer>> {
  private static final long serialVersionUID = 1L;

  /** The key enters the engine. */
  static final long BEGIN = 0;

  /** It has left the engine, or its task has ended in order. */
  static final long END = 1;

  /** A key that nobody asks for any more, because its conversation was cleared or cancelled. */
  static final Duration EXPIRY = Duration.ofHours(24);

  private static final int INCARNATION = 0;
  private static final int DEATHS = 1;
  private static final int TIME = 2;

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
            marks.put(key, new long[] {said[1], deathsWith(mark, said[1]), now});
          } else if (mark != null && mark[INCARNATION] == said[1]) {
            marks.remove(key);
          }
        });
    marks.values().removeIf(mark -> now - mark[TIME] > EXPIRY.toNanos());
    return marks;
  }

  /** A mark that another incarnation left behind is that of a process that died. */
  private static long deathsWith(long[] mark, long incarnation) {
    if (mark == null) {
      return 0;
    }
    return mark[INCARNATION] == incarnation ? mark[DEATHS] : mark[DEATHS] + 1;
  }

  @Override
  public HashMap<String, Integer> getResult(HashMap<String, long[]> marks) {
    HashMap<String, Integer> deaths = new HashMap<>();
    marks.forEach(
        (key, mark) -> {
          if (mark[DEATHS] > 0) {
            deaths.put(key, (int) mark[DEATHS]);
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
