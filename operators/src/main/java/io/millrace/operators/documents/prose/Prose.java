package io.millrace.operators.documents.prose;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns partial summaries into running text: list marks and heads of lists go, the rest is joined.
 * So what is combined reads like a document, which is what small models are trained to summarise.
 *
 * <p>Nothing else goes. What only looks like a mark stays: it may be a number or a sign.
 */
public final class Prose {
  /** A head of more says something of its own. */
  private static final int HEAD_WORDS = 6;

  /** As above, where there are no spaces between words. */
  private static final int HEAD_CHARACTERS = 40;

  private static final Pattern SENTENCE_END = Pattern.compile("[.!?;。！？；…][\"'”’」』)）]*$");
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern DIGIT = Pattern.compile("\\p{N}");

  private final String space;
  private final StringBuilder text = new StringBuilder();

  private Prose(String space) {
    this.space = space;
  }

  /**
   * @param space what stands between two sentences of the language
   */
  public static String of(List<String> partials, String space) {
    Prose prose = new Prose(space);
    partials.forEach(prose::add);
    return prose.text.toString();
  }

  private void add(String partial) {
    List<String> lines = partial.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    List<Integer> marks = ListMarks.of(lines);
    List<String> bare = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      bare.add(lines.get(i).substring(marks.get(i)));
    }
    for (int i = 0; i < lines.size(); i++) {
      boolean beforeItem = marks.get(i) == 0 && i + 1 < lines.size() && marks.get(i + 1) > 0;
      if (!(beforeItem && isMereHead(bare.get(i), bare.get(i + 1)))) {
        append(bare.get(i));
      }
    }
  }

  /** Whether a line only announces what its list says in sentences of its own. */
  private static boolean isMereHead(String line, String item) {
    return isHead(line)
        && line.length() <= HEAD_CHARACTERS
        && SPACES.split(line).length <= HEAD_WORDS
        && !DIGIT.matcher(line).find()
        && isSentence(item);
  }

  /** Whether a line ends as sentences do. */
  static boolean isSentence(String line) {
    return SENTENCE_END.matcher(line).find();
  }

  /** Whether a line may be the head of what follows it. */
  static boolean isHead(String line) {
    return line.endsWith(":") || line.endsWith("：");
  }

  private void append(String line) {
    if (!text.isEmpty() && !line.isEmpty()) {
      boolean apart = !isWide(text.codePointBefore(text.length())) && !isWide(line.codePointAt(0));
      // Without a space two numbers would become one.
      text.append(apart ? " " : space);
    }
    text.append(line);
  }

  /** Han characters and the punctuation between them need no space beside them. */
  private static boolean isWide(int character) {
    return Character.isIdeographic(character)
        || Character.UnicodeBlock.of(character)
            == Character.UnicodeBlock.CJK_SYMBOLS_AND_PUNCTUATION
        || "，。！？；：（）、“”‘’".indexOf(character) >= 0;
  }
}
