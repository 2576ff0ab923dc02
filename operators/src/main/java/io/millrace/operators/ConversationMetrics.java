package io.millrace.operators;

import io.millrace.engine.GenerationResult;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The conversation operator's metrics; docs/operations.md explains each. */
final class ConversationMetrics {
  private static final int SAMPLES = 1000;

  final Counter completions;
  final Counter deadLetters;
  final Counter duplicates;
  final Counter retries;
  final Counter restored;
  final Counter staleEvents;
  private final Counter promptTokens;
  private final Counter cachedTokens;
  private final Counter generatedTokens;
  private final Histogram firstTokenMillis;
  private final Histogram turnMillis;

  ConversationMetrics(MetricGroup group, Supplier<Integer> running, Supplier<Integer> waiting) {
    completions = group.counter("completions");
    deadLetters = group.counter("deadLetters");
    duplicates = group.counter("duplicateRequests");
    retries = group.counter("retries");
    restored = group.counter("restoredRequests");
    staleEvents = group.counter("staleEvents");
    promptTokens = group.counter("promptTokens");
    cachedTokens = group.counter("cachedTokens");
    generatedTokens = group.counter("generatedTokens");
    firstTokenMillis = group.histogram("firstTokenMillis", histogram());
    turnMillis = group.histogram("turnMillis", histogram());
    group.gauge("running", running::get);
    group.gauge("waiting", waiting::get);
  }

  private static Histogram histogram() {
    return new DescriptiveStatisticsHistogram(SAMPLES);
  }

  void answered(GenerationResult result) {
    promptTokens.inc(result.usage().promptTokens());
    cachedTokens.inc(result.usage().cachedTokens());
    generatedTokens.inc(result.usage().completionTokens());
    if (result.timings().firstTokenMillis() >= 0) {
      firstTokenMillis.update(Math.round(result.timings().firstTokenMillis()));
    }
    turnMillis.update(Math.round(result.timings().totalMillis()));
  }
}
