package io.millrace.engine.schedule.draft;

/** Guesses that the last tokens are followed by what followed them when they occurred before. */
final class PromptLookup {
  private static final int[] NOTHING = {};

  private final NgramIndex[] longestFirst;

  PromptLookup(int longestNgram, int shortestNgram) {
    longestFirst = new NgramIndex[longestNgram - shortestNgram + 1];
    for (int i = 0; i < longestFirst.length; i++) {
      longestFirst[i] = new NgramIndex(longestNgram - i);
    }
  }

  /** A guess at the next {@code count} tokens; empty if the last ones never occurred before. */
  int[] guess(int[] tokens, int length, int count) {
    for (NgramIndex index : longestFirst) {
      int from = index.find(tokens, length);
      if (from >= 0) {
        return copy(tokens, length, from, count);
      }
    }
    return NOTHING;
  }

  /** A copy that reaches the end of the sequence goes on with its own start, as a loop would. */
  private static int[] copy(int[] tokens, int length, int from, int count) {
    int[] guess = new int[count];
    for (int i = 0; i < count; i++) {
      int source = from + i;
      guess[i] = source < length ? tokens[source] : guess[source - length];
    }
    return guess;
  }
}
