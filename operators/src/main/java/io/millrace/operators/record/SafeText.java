package io.millrace.operators.record;

/**
 * How a value of a request appears in errors and logs: bounded, and without characters that could
 * steer a terminal, forge a line of a log or turn the direction of text.
 */
public final class SafeText {
  private static final int VALUE_LENGTH = 40;

  private SafeText() {}

  /** A value in quotes, of which the beginning is enough to find it. */
  public static String value(String value) {
    String quoted = '"' + text(value, VALUE_LENGTH) + '"';
    return value.length() > VALUE_LENGTH ? quoted + " (" + value.length() + " characters)" : quoted;
  }

  /** A text that may quote something; two dots where it was longer and is cut. */
  public static String text(String text, int maxLength) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      String piece =
          isHarmless(character) ? Character.toString(character) : "\\u%04x".formatted(character);
      if (shown.length() + piece.length() > maxLength) {
        return shown.append("..").toString();
      }
      shown.append(piece);
    }
    return shown.toString();
  }

  private static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
