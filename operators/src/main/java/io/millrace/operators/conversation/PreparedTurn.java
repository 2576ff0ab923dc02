package io.millrace.operators.conversation;

import io.millrace.engine.GenerationRequest;
import io.millrace.engine.chat.TokenTurn;
import java.util.List;

/**
 * A turn ready for the engine, and what the conversation becomes when it is answered.
 *
 * @param generation what the engine is asked
 * @param query token ids of the turn's new messages
 * @param systemIds token ids of the system message from this turn on; null for the model's default
 * @param history the turns before this one
 * @param replacesHistory whether they came with the request and replace the stored ones
 * @param number which turn of its conversation this is, from 1
 * @param droppedTurns oldest turns that the prompt left out
 */
record PreparedTurn(
    GenerationRequest generation,
    int[] query,
    int[] systemIds,
    List<TokenTurn> history,
    boolean replacesHistory,
    int number,
    int droppedTurns) {}
