package io.millrace.job.cli;

import picocli.CommandLine.Option;

/** The option of commands that start a Flink cluster of their own to show its metrics. */
final class MetricsPort {

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Where Prometheus can ask for the metrics; without it nowhere.")
  private int port;

  int value() {
    return port;
  }
}
