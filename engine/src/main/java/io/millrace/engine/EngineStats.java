package io.millrace.engine;

/**
 * Counters since the start and gauges of now.
 *
 * @param running sequences in the batch
 * @param waiting sequences queued
 * @param usedBlocks KV blocks referenced by running sequences
 * @param cachedBlocks KV blocks kept only for reuse
 * @param totalBlocks KV blocks in the pool
 * @param steps forward passes
 * @param promptTokens prompt tokens seen, cached ones included
 * @param cachedTokens prompt tokens answered from the prefix cache
 * @param generatedTokens tokens sampled
 * @param draftedTokens tokens guessed and computed on trial
 * @param acceptedTokens guesses that were right, each of which saved a step
 * @param preemptions sequences put back to be computed again
 * @param lastBatchTokens tokens in the latest forward pass
 * @param stepNanos time spent in forward passes
 */
public record EngineStats(
    int running,
    int waiting,
    int usedBlocks,
    int cachedBlocks,
    int totalBlocks,
    long steps,
    long promptTokens,
    long cachedTokens,
    long generatedTokens,
    long draftedTokens,
    long acceptedTokens,
    long preemptions,
    int lastBatchTokens,
    long stepNanos) {}
