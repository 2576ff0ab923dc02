package io.millrace.engine.schedule.draft;

/** Guesses that what followed the last tokens when they occurred before follows them again. */
final class PromptLookup {
  private static final int[] NOTHING = {};

  private final NgramIndex[] longestFirst;

  PromptLookup(int longestNgram, int shortestNgram) {
    longestFirst = new NgramIndex[longestNgram - shortestNgram + 1];
    for (int i = 0; i < longestFirst.length; i++) {
      longestFirst[i] = new NgramIndex(longestNgram - i);
    }
  }

  /** The next {@code count} tokens as they may be; none where the last ones are new. */
  int[] guess(int[] tokens, int length, int count) {
    for (NgramIndex index : longestFirst) {
      int from = index.find(tokens, length);
      if (from >= 0) {
        return copy(tokens, length, from, count);
      }
    }
    return NOTHING;
  }

  /** Where the copy reaches the end of the sequence it goes on with itself: a loop's next round. */
  private static int[] copy(int[] tokens, int length, int from, int count) {
    int[] guess = new int[count];
    for (int i = 0; i < count; i++) {
      int source = from + i;
      guess[i] = source < length ? tokens[source] : guess[source - length];
    }
    return guess;
  }
}
