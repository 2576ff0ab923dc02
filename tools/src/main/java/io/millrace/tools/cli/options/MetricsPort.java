package io.millrace.tools.cli.options;

import picocli.CommandLine.Option;

/** The option of commands that start a Flink cluster of their own to show its metrics. */
public final class MetricsPort {

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description = "Where Prometheus can ask for the metrics; without it nowhere.")
  private int port;

  public int value() {
    return port;
  }
}
