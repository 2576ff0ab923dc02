package io.millrace.operators.record;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * A counter for each value of an enum, all there from the start: KEY.VALUE.name, a label on
 * Prometheus.
 */
public final class CountersBy<E extends Enum<E>> {
  private final Map<E, Counter> counters;

  public CountersBy(MetricGroup group, String key, String name, EnumSet<E> values) {
    counters = new EnumMap<>(values.iterator().next().getDeclaringClass());
    for (E value : values) {
      counters.put(value, group.addGroup(key, value.name()).counter(name));
    }
  }

  public void inc(E value) {
    counters.get(value).inc();
  }
}
