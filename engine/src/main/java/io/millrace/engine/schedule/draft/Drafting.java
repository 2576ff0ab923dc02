package io.millrace.engine.schedule.draft;

import java.io.Serializable;

/**
 * How next tokens are guessed from earlier ones.
 *
 * @param rows a step takes drafts while running answers and drafts together are at most this many
 *     rows; in larger steps a row costs what it saves. 0 turns drafting off
 * @param longestNgram how many last tokens are looked for first
 * @param shortestNgram how many last tokens must at least have occurred before
 */
public record Drafting(int rows, int longestNgram, int shortestNgram) implements Serializable {

  /** Longer n-grams than this are refused: each length costs an index. */
  public static final int MAX_NGRAM = 8;

  public static final Drafting STANDARD = new Drafting(16, 3, 2);

  public Drafting {
    if (rows < 0) {
      throw new IllegalArgumentException(
          "engine.draft-rows is " + rows + ", it must be at least 0");
    }
    if (shortestNgram < 1) {
      throw new IllegalArgumentException(
          "engine.draft-shortest-ngram is " + shortestNgram + ", it must be at least 1");
    }
    if (longestNgram < shortestNgram || longestNgram > MAX_NGRAM) {
      throw new IllegalArgumentException(
          "engine.draft-longest-ngram is "
              + longestNgram
              + ", it must lie between engine.draft-shortest-ngram, which is "
              + shortestNgram
              + ", and "
              + MAX_NGRAM);
    }
  }
}
