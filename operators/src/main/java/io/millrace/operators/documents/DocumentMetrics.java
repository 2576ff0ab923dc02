package io.millrace.operators.documents;

import java.util.function.Supplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** The document operator's metrics; docs/operations.md explains each. */
final class DocumentMetrics {
  final Counter summaries;
  final Counter deadLetters;
  final Counter repeated;
  final Counter prompts;
  final Counter retries;

  DocumentMetrics(MetricGroup group, Supplier<Integer> documents, Supplier<Integer> running) {
    summaries = group.counter("summaries");
    deadLetters = group.counter("deadLetters");
    repeated = group.counter("repeatedDocuments");
    prompts = group.counter("prompts");
    retries = group.counter("retries");
    group.gauge("documents", documents::get);
    group.gauge("running", running::get);
  }
}
