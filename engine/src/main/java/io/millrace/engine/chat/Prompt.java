package io.millrace.engine.chat;

/**
 * The ids to prefill for one turn.
 *
 * @param ids the whole prompt: system, the turns that fit, the new query
 * @param droppedTurns how many of the oldest turns did not fit
 */
public record Prompt(int[] ids, int droppedTurns) {}
