package io.millrace.engine.batching;

/**
 * Log-probabilities at one position, as they come from a row of logits.
 *
 * @param chosen of the token that was generated
 * @param topIds the most likely ids, best first
 * @param top theirs
 * @param named of the ids that the request named, in its order
 */
record RowLogprobs(float chosen, int[] topIds, float[] top, float[] named) {}
