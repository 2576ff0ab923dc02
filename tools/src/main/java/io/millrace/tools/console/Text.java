package io.millrace.tools.console;

import java.util.regex.Pattern;

/** Fits text into lines of the console. Chinese characters and their like take two columns. */
public final class Text {

  private static final String CUT = "…";
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  private Text() {}

  /** With line breaks and tabs written out; other control characters could steer the terminal. */
  public static String oneLine(String text) {
    String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    return CONTROL.matcher(line).replaceAll("\uFFFD");
  }

  /** The beginning, at most so many columns wide; an ellipsis where something was cut off. */
  public static String shorten(String text, int columns) {
    String line = oneLine(text);
    if (width(line) <= columns) {
      return line;
    }
    StringBuilder kept = new StringBuilder();
    int used = 1;
    for (int i = 0; i < line.length(); ) {
      int character = line.codePointAt(i);
      used += width(character);
      if (used > columns) {
        break;
      }
      kept.appendCodePoint(character);
      i += Character.charCount(character);
    }
    return kept + CUT;
  }

  /** The end, at most so many columns wide. */
  public static String last(String text, int columns) {
    String line = oneLine(text);
    int start = line.length();
    int used = 0;
    while (start > 0) {
      int character = line.codePointBefore(start);
      used += width(character);
      if (used > columns) {
        break;
      }
      start -= Character.charCount(character);
    }
    return line.substring(start);
  }

  /** Filled up with spaces, or shortened, to exactly so many columns. */
  public static String pad(String text, int columns) {
    String fit = shorten(text, columns);
    return fit + " ".repeat(Math.max(0, columns - width(fit)));
  }

  private static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int character) {
    if (Character.getType(character) == Character.NON_SPACING_MARK) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(character)
            || (character >= 0x3000 && character <= 0x30FF)
            || (character >= 0xAC00 && character <= 0xD7A3)
            || (character >= 0xFF01 && character <= 0xFF60)
            || (character >= 0x1F300 && character <= 0x1FAFF);
    return wide ? 2 : 1;
  }
}
