package io.millrace.engine.batching;

/**
 * A token chosen from a row of logits.
 *
 * @param logprobs null where the request asked for none
 */
record SampledToken(int token, RowLogprobs logprobs) {}
