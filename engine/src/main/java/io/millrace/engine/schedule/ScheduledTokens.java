package io.millrace.engine.schedule;

/**
 * The share of one sequence in a step.
 *
 * @param tokens how many of its tokens that have no KV yet are computed
 * @param reachesEnd whether these are all of them, so that the step gives the next token's logits
 * @param draft tokens that may follow the end, computed on trial; each gives a row of logits too
 */
public record ScheduledTokens(Sequence sequence, int tokens, boolean reachesEnd, int[] draft) {
  private static final int[] NO_DRAFT = {};

  static ScheduledTokens of(Sequence sequence, int budget) {
    int tokens = Math.min(sequence.pending(), budget);
    return new ScheduledTokens(sequence, tokens, tokens == sequence.pending(), NO_DRAFT);
  }

  ScheduledTokens with(int[] tokensOnTrial) {
    return new ScheduledTokens(sequence, tokens, reachesEnd, tokensOnTrial);
  }

  public ScheduledTokens withoutDraft() {
    return with(NO_DRAFT);
  }

  /** Rows of the step, those of the draft included. */
  public int rows() {
    return tokens + draft.length;
  }

  /** Rows whose logits are wanted: the last ones. */
  public int logitRows() {
    return reachesEnd ? 1 + draft.length : 0;
  }
}
