package io.millrace.operators.serving;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;

/** The master of a job, as far as its tasks exchange something over it. */
final class TestMaster implements GlobalAggregateManager {
  private final Map<String, Object> accumulators = new HashMap<>();
  private volatile boolean away;

  /** From now on it does not answer. */
  void leave() {
    away = true;
  }

  @Override
  @SuppressWarnings("unchecked")
  public synchronized <IN, ACC, OUT> OUT updateGlobalAggregate(
      String name, Object aggregand, AggregateFunction<IN, ACC, OUT> function) throws IOException {
    if (away) {
      throw new IOException("away");
    }
    ACC accumulator = (ACC) accumulators.computeIfAbsent(name, n -> function.createAccumulator());
    accumulators.put(name, function.add((IN) aggregand, accumulator));
    return function.getResult(accumulator);
  }
}
