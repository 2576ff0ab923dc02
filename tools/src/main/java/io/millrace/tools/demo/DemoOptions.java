package io.millrace.tools.demo;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the demo does.
 *
 * @param examples directory of the conversations
 * @param brief only a few of the conversations
 * @param keep stay up after the last answer
 * @param limit give up when answers are missing after this time
 * @param metricsPort where Prometheus can ask for metrics; 0 for nowhere
 */
public record DemoOptions(
    Path examples, boolean brief, boolean keep, Duration limit, int metricsPort) {}
