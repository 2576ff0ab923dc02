package io.millrace.operators.state;

/**
 * A request that a conversation remembers.
 *
 * @param number which arrival of the conversation it was
 * @param content hash of what it asked for
 */
public record SeenRequest(long number, long content) {}
