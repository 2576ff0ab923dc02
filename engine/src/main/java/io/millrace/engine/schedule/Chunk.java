package io.millrace.engine.schedule;

/**
 * The share of one sequence in a step.
 *
 * @param tokens how many of its tokens without KV to compute
 * @param reachesEnd whether these are all, so that the step gives the logits of the next token
 */
public record Chunk(Sequence sequence, int tokens, boolean reachesEnd) {

  static Chunk of(Sequence sequence, int budget) {
    int tokens = Math.min(sequence.pending(), budget);
    return new Chunk(sequence, tokens, tokens == sequence.pending());
  }
}
