package io.millrace.engine.schedule.draft;

/**
 * Where each n-gram of a growing token sequence ended last: a hash table without chains, of bounded
 * size. Where n-grams share a slot the latest one stays; a lookup compares the tokens, so a lost
 * n-gram is only a missed chance.
 */
final class NgramIndex {
  private static final int FIRST_SLOTS = 256;
  private static final int MAX_SLOTS = 1 << 16;
  private static final int NONE = -1;

  private final int n;

  /** The position after an n-gram, 0 where a slot is empty. */
  private int[] slots = new int[FIRST_SLOTS];

  /** N-grams that end at this position or before are in the slots. */
  private int indexed;

  NgramIndex(int n) {
    this.n = n;
    indexed = n - 1;
  }

  /**
   * Finds the last n tokens further to the front.
   *
   * @param tokens the same at each call as far as it was valid before
   * @return the position after their latest earlier occurrence, or -1
   */
  int find(int[] tokens, int length) {
    while (indexed < length - 1) {
      add(tokens, ++indexed);
    }
    if (length < n) {
      return NONE;
    }
    int end = slots[slot(tokens, length)];
    return end > 0 && same(tokens, end, length) ? end : NONE;
  }

  private void add(int[] tokens, int end) {
    if (2 * end > slots.length && slots.length < MAX_SLOTS) {
      slots = new int[2 * slots.length];
      for (int earlier = n; earlier < end; earlier++) {
        slots[slot(tokens, earlier)] = earlier;
      }
    }
    slots[slot(tokens, end)] = end;
  }

  private int slot(int[] tokens, int end) {
    int hash = 0;
    for (int i = end - n; i < end; i++) {
      hash = (hash ^ tokens[i]) * 0x9E3779B9;
      hash ^= hash >>> 15;
    }
    return hash & slots.length - 1;
  }

  private boolean same(int[] tokens, int end, int otherEnd) {
    for (int i = 1; i <= n; i++) {
      if (tokens[end - i] != tokens[otherEnd - i]) {
        return false;
      }
    }
    return true;
  }
}
