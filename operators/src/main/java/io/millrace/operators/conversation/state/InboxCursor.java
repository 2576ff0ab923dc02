package io.millrace.operators.conversation.state;

/**
 * The range of an inbox, present only while the inbox is not empty, so that a restore finds the
 * conversations with work by this state's keys alone.
 *
 * @param head position of the oldest request
 * @param tail position after the latest
 */
public record InboxCursor(long head, long tail) {}
