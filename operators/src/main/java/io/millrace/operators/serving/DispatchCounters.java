package io.millrace.operators.serving;

import org.apache.flink.metrics.Counter;

/**
 * What a dispatcher counts.
 *
 * @param retries attempts that failed and are followed by another
 * @param engineDeaths engines that died and were replaced
 * @param staleEvents events of attempts that had ended before
 */
public record DispatchCounters(Counter retries, Counter engineDeaths, Counter staleEvents) {}
