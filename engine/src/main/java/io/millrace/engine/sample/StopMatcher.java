package io.millrace.engine.sample;

import java.util.List;

/**
 * Looks for stop strings in text that arrives in pieces, and holds back what may yet become one.
 * Where several match, the one that ends first counts, and of those that end together the longest.
 */
public final class StopMatcher {
  private final StopString[] stops;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  public StopMatcher(List<String> stopStrings) {
    stops = stopStrings.stream().map(StopString::new).toArray(StopString[]::new);
  }

  /**
   * Takes the next piece.
   *
   * @return the text that is certain now: before a stop string, and not the start of one
   */
  public String append(String piece) {
    if (matched) {
      return "";
    }
    if (stops.length == 0) {
      return piece;
    }
    for (int i = 0; i < piece.length(); i++) {
      held.append(piece.charAt(i));
      int longest = 0;
      for (StopString stop : stops) {
        if (stop.next(piece.charAt(i))) {
          longest = Math.max(longest, stop.length());
        }
      }
      if (longest > 0) {
        matched = true;
        return take(held.length() - longest);
      }
    }
    int open = 0;
    for (StopString stop : stops) {
      open = Math.max(open, stop.matching());
    }
    return take(held.length() - open);
  }

  /** At the end: what was held back, since no stop string came of it. */
  public String flush() {
    return matched ? "" : take(held.length());
  }

  /** Whether a stop string has been found; text from it on is never given out. */
  public boolean matched() {
    return matched;
  }

  private String take(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }
}
