package io.millrace.engine.chat;

/**
 * One finished turn as token ids, exactly as the model saw and produced them.
 *
 * @param query the ids from the user's message header through the opened assistant header
 * @param answer the generated ids without the stop token that ended them
 */
public record TokenTurn(int[] query, int[] answer) {}
