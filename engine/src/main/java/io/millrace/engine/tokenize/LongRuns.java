package io.millrace.engine.tokenize;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses text that would take the tokenizer more than linear time: other conversations wait for
 * it.
 */
final class LongRuns {
  /**
   * Normalisation sorts the marks of one character, in quadratic time. No writing has more than a
   * few; the Stream-Safe Text Format of UAX #15 allows 30.
   */
  static final int MAX_MARKS = 1_000;

  private LongRuns() {}

  /**
   * @throws IllegalArgumentException if a character carries more than {@link #MAX_MARKS} marks
   */
  static void refuseMarks(String text) {
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      // Nothing below the first combining mark needs to be looked up.
      marks = character >= 0x300 && isMark(character) ? marks + 1 : 0;
      if (marks > MAX_MARKS) {
        throw new IllegalArgumentException(
            "the text has more than "
                + MAX_MARKS
                + " combining marks on the character before offset "
                + (i - MAX_MARKS)
                + ": leave them out of the message");
      }
      i += Character.charCount(character);
    }
  }

  private static boolean isMark(int character) {
    return switch (Character.getType(character)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /**
   * @param pattern whose matches are the pieces that are merged within
   * @throws IllegalArgumentException if one of them is longer than this
   */
  static void refuseUnbroken(String text, Pattern pattern, int maxLength) {
    if (text.length() <= maxLength) {
      return;
    }
    Matcher run = pattern.matcher(text);
    while (run.find()) {
      int length = run.end() - run.start();
      if (length > maxLength) {
        throw new IllegalArgumentException(
            "the text has a run of "
                + length
                + " characters without a break at offset "
                + run.start()
                + ", the limit is "
                + maxLength
                + ": break it up or leave it out of the message");
      }
    }
  }
}
