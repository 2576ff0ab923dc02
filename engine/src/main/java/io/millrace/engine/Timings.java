package io.millrace.engine;

/**
 * Wall-clock parts of one generation, in milliseconds.
 *
 * @param queuedMillis from submission to the first step that computes some of it
 * @param firstTokenMillis from submission to the first generated token; -1 if there was none
 * @param totalMillis from submission to the end
 */
public record Timings(double queuedMillis, double firstTokenMillis, double totalMillis) {}
