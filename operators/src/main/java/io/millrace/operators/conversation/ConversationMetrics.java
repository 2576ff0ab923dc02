package io.millrace.operators.conversation;

import io.millrace.engine.GenerationResult;
import io.millrace.engine.Timings;
import io.millrace.operators.record.CountersBy;
import io.millrace.operators.record.DeadLetterCounters;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import java.util.EnumSet;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The conversation operator's metrics; docs/metrics.md explains each. */
final class ConversationMetrics {
  private static final int SAMPLES = 1000;

  final CountersBy<FinishReason> completions;
  final CountersBy<DeadLetterStage> deadLetters;
  final Counter duplicates;
  final Counter retries;
  final Counter restored;
  final Counter staleEvents;
  final Counter engineDeaths;
  private final Counter promptTokens;
  private final Counter cachedTokens;
  private final Counter generatedTokens;
  private final Histogram queuedMillis;
  private final Histogram firstTokenMillis;
  private final Histogram tokenMicros;
  private final Histogram turnMillis;

  ConversationMetrics(
      MetricGroup group,
      Supplier<Integer> running,
      Supplier<Integer> waiting,
      Supplier<Long> heldBytes) {
    completions =
        new CountersBy<>(
            group,
            "finishReason",
            "completions",
            EnumSet.complementOf(EnumSet.of(FinishReason.UNKNOWN)));
    deadLetters = DeadLetterCounters.of(group);
    duplicates = group.counter("duplicateRequests");
    retries = group.counter("retries");
    restored = group.counter("restoredRequests");
    staleEvents = group.counter("staleEvents");
    engineDeaths = group.counter("engineDeaths");
    promptTokens = group.counter("promptTokens");
    cachedTokens = group.counter("cachedTokens");
    generatedTokens = group.counter("generatedTokens");
    queuedMillis = group.histogram("queuedMillis", histogram());
    firstTokenMillis = group.histogram("firstTokenMillis", histogram());
    tokenMicros = group.histogram("tokenMicros", histogram());
    turnMillis = group.histogram("turnMillis", histogram());
    group.gauge("running", running::get);
    group.gauge("waiting", waiting::get);
    group.gauge("heldBytes", heldBytes::get);
  }

  private static Histogram histogram() {
    return new DescriptiveStatisticsHistogram(SAMPLES);
  }

  void countAnswer(GenerationResult result) {
    promptTokens.inc(result.usage().promptTokens());
    cachedTokens.inc(result.usage().cachedTokens());
    generatedTokens.inc(result.usage().completionTokens());
    Timings timings = result.timings();
    queuedMillis.update(Math.round(timings.queuedMillis()));
    if (timings.firstTokenMillis() >= 0) {
      firstTokenMillis.update(Math.round(timings.firstTokenMillis()));
    }
    int further = result.usage().completionTokens() - 1;
    if (further > 0) {
      double millis = timings.totalMillis() - timings.firstTokenMillis();
      tokenMicros.update(Math.round(1000 * millis / further));
    }
    turnMillis.update(Math.round(timings.totalMillis()));
  }
}
