package io.millrace.operators.conversation.state;

/**
 * A finished turn of the history as token ids.
 *
 * @param query from the user's message header through the opened assistant header
 * @param answer what the model generated, without the stop token
 */
public record StoredTurn(int[] query, int[] answer) {}
