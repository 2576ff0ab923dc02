package io.millrace.engine.schedule;

/**
 * What one step may hold.
 *
 * @param maxRunning sequences in one batch at most
 * @param maxBatchTokens tokens in one step at most
 * @param minPrefillTokens tokens of a step that decodes never take, so that prompts go on
 */
public record Limits(int maxRunning, int maxBatchTokens, int minPrefillTokens) {
  public Limits {
    if (maxRunning < 1) {
      throw new IllegalArgumentException(
          "max_running is " + maxRunning + ", it must be at least 1");
    }
    if (minPrefillTokens < 1) {
      throw new IllegalArgumentException(
          "min_prefill_tokens is " + minPrefillTokens + ", it must be at least 1");
    }
    if (maxBatchTokens <= minPrefillTokens) {
      throw new IllegalArgumentException(
          "max_batch_tokens is "
              + maxBatchTokens
              + ", it must exceed min_prefill_tokens, which is "
              + minPrefillTokens);
    }
  }

  /** Sequences that run at one time: as many as leave the prefill its floor. */
  public int runnable() {
    return Math.min(maxRunning, maxBatchTokens - minPrefillTokens);
  }
}
