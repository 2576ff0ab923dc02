package io.millrace.engine.schedule;

/**
 * The prompt tokens that a step still takes. While several tenants of one priority use the engine,
 * of those that used far more than the others lately it takes no more than
 * engine.min-prefill-tokens: what comes meanwhile waits for a step to end, and a long one would
 * cost it many times its own prompt.
 */
final class PromptRows {
  private final RecentUse use;
  private int left;
  private int leftBeyondPart;

  PromptRows(int tokens, Limits limits, RecentUse use) {
    this.use = use;
    left = tokens;
    leftBeyondPart = Math.min(tokens, limits.minPrefillTokens());
  }

  /** Whether the step takes any prompt tokens of this sequence. */
  boolean haveRoomFor(Sequence sequence) {
    return left(sequence) > 0;
  }

  /**
   * Takes as many of a sequence's pending tokens as there is room for.
   *
   * @return how many, perhaps none
   */
  int take(Sequence sequence) {
    int tokens = Math.min(sequence.pending(), left(sequence));
    left -= tokens;
    leftBeyondPart = Math.max(0, leftBeyondPart - tokens);
    return tokens;
  }

  private int left(Sequence sequence) {
    return use.exceedsPart(sequence) ? Math.min(left, leftBeyondPart) : left;
  }
}
