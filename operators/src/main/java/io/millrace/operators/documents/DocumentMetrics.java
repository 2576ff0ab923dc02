package io.millrace.operators.documents;

import io.millrace.operators.record.CountersBy;
import io.millrace.operators.record.DeadLetterCounters;
import io.millrace.schemas.DeadLetterStage;
import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The document operator's metrics; docs/metrics.md explains each. */
final class DocumentMetrics {
  final Counter summaries;
  final CountersBy<DeadLetterStage> deadLetters;
  final Counter repeated;
  final Counter prompts;
  final Counter truncated;
  final Counter retries;
  final Counter engineDeaths;

  DocumentMetrics(
      MetricGroup group,
      Supplier<Integer> documents,
      Supplier<Long> heldBytes,
      Supplier<Integer> running) {
    summaries = group.counter("summaries");
    deadLetters = DeadLetterCounters.of(group);
    repeated = group.counter("repeatedDocuments");
    prompts = group.counter("prompts");
    truncated = group.counter("truncatedAnswers");
    retries = group.counter("retries");
    engineDeaths = group.counter("engineDeaths");
    group.gauge("documents", documents::get);
    group.gauge("heldBytes", heldBytes::get);
    group.gauge("running", running::get);
  }
}
