package io.millrace.engine.sample;

/** One stop string as a Knuth-Morris-Pratt automaton: each character is looked at once. */
final class StopString {
  private final String text;
  private final int[] fallback;
  private int matching;

  StopString(String text) {
    this.text = text;
    fallback = new int[text.length() + 1];
    for (int i = 1; i < text.length(); i++) {
      fallback[i + 1] = step(fallback[i], text.charAt(i));
    }
  }

  /** Takes a character; true if the text so far ends with the whole stop string. */
  boolean next(char c) {
    matching = step(matching == text.length() ? fallback[matching] : matching, c);
    return matching == text.length();
  }

  /** How many characters at the end of the text so far are the start of the stop string. */
  int matching() {
    return matching;
  }

  int length() {
    return text.length();
  }

  private int step(int from, char c) {
    int state = from;
    while (state > 0 && text.charAt(state) != c) {
      state = fallback[state];
    }
    return text.charAt(state) == c ? state + 1 : 0;
  }
}
