package io.millrace.engine.schedule;

import io.millrace.engine.schedule.draft.Drafting;

/**
 * What one step may hold.
 *
 * @param maxRunning sequences in one batch at most
 * @param maxBatchTokens tokens in one step at most
 * @param minPrefillTokens tokens of a step that decodes never take, so that prompts go on
 * @param drafting how tokens are guessed where a request wants it
 */
public record Limits(int maxRunning, int maxBatchTokens, int minPrefillTokens, Drafting drafting) {

  /** With the usual drafting. */
  public Limits(int maxRunning, int maxBatchTokens, int minPrefillTokens) {
    this(maxRunning, maxBatchTokens, minPrefillTokens, Drafting.STANDARD);
  }

  public Limits {
    if (maxRunning < 1) {
      throw new IllegalArgumentException(
          "engine.max-running is " + maxRunning + ", it must be at least 1");
    }
    if (minPrefillTokens < 1) {
      throw new IllegalArgumentException(
          "engine.min-prefill-tokens is " + minPrefillTokens + ", it must be at least 1");
    }
    if (maxBatchTokens <= minPrefillTokens) {
      throw new IllegalArgumentException(
          "engine.max-batch-tokens is "
              + maxBatchTokens
              + ", it must exceed engine.min-prefill-tokens, which is "
              + minPrefillTokens);
    }
  }

  /** How many sequences may run at one time and still leave prefill its floor. */
  public int runnable() {
    return Math.min(maxRunning, maxBatchTokens - minPrefillTokens);
  }

  /** Drafts are added until a step has this many decodes and drafts together. */
  int draftRows() {
    return Math.min(drafting.rows(), maxBatchTokens - minPrefillTokens);
  }
}
