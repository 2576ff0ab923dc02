package io.millrace.operators.record;

import io.millrace.schemas.DeadLetterStage;
import java.util.EnumSet;
import org.apache.flink.metrics.MetricGroup;

/** Counts the dead letters of an operator by their stage. */
public final class DeadLetterCounters {

  private DeadLetterCounters() {}

  public static CountersBy<DeadLetterStage> of(MetricGroup group) {
    return new CountersBy<>(
        group, "stage", "deadLetters", EnumSet.complementOf(EnumSet.of(DeadLetterStage.UNKNOWN)));
  }
}
