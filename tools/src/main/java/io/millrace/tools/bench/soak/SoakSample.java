package io.millrace.tools.bench.soak;

/**
 * The state of a long run at one moment, after a garbage collection.
 *
 * @param turns answered so far
 * @param seconds since the start
 * @param residentBytes of the whole process
 * @param heapBytes used on the Java heap
 * @param usedBlocks KV blocks that running sequences hold
 */
public record SoakSample(
    long turns, double seconds, long residentBytes, long heapBytes, int usedBlocks) {}
