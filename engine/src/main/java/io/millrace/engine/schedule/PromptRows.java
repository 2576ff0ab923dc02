package io.millrace.engine.schedule;

/**
 * The prompt tokens that a step can still take. While several tenants of one priority use the
 * engine, a step takes at most engine.min-prefill-tokens from those that lately used far more than
 * the others. A request that arrives meanwhile waits for the step to end, and a long step would
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
