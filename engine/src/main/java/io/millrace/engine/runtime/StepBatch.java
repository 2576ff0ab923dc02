package io.millrace.engine.runtime;

/**
 * A ragged batch of packed tokens: sequence {@code s} owns tokens {@code start[s]} (inclusive) to
 * {@code start[s + 1]} (exclusive), which follow {@code past[s]} tokens already in its blocks.
 *
 * @param sequences number of sequences
 * @param tokens packed token ids, the first {@code start[sequences]} are valid
 * @param start offsets into tokens, sequences + 1 valid entries
 * @param past tokens of each sequence that are in the KV pool already
 * @param blockTables per sequence the block ids in order; covers past plus new tokens
 * @param ropeAlpha per sequence the NTK alpha fixed at prefill, 1 for models without dynamic NTK
 * @param logitRows indices into tokens whose logits are wanted, ascending
 */
public record StepBatch(
    int sequences,
    int[] tokens,
    int[] start,
    int[] past,
    int[][] blockTables,
    float[] ropeAlpha,
    int[] logitRows) {

  /** Number of packed tokens. */
  public int tokenCount() {
    return start[sequences];
  }
}
