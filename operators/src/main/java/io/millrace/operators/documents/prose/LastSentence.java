package io.millrace.operators.documents.prose;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.FilteredBreakIteratorBuilder;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ends a text that was cut somewhere at its last whole sentence or list item, by Unicode's rules
 * and without being misled by abbreviations.
 */
public final class LastSentence {
  private static final Pattern LETTER = Pattern.compile("\\p{L}");

  /** A number that was cut at its point looks like one that ends a sentence. */
  private static final Pattern CUT_NUMBER = Pattern.compile("\\p{Nd}[.．]$");

  /** That CLDR's list lacks. */
  private static final List<String> MORE_ABBREVIATIONS =
      List.of("Dr.", "St.", "Gen.", "Sen.", "Gov.", "Fig.");

  private final String text;

  private LastSentence(String text) {
    this.text = text;
  }

  /**
   * The text up to its last whole sentence; all of it where none is whole.
   *
   * @param text that was cut where it ends
   */
  public static String endingAt(String text) {
    LastSentence last = new LastSentence(text.stripTrailing());
    int end = Math.max(last.sentenceEnd(), last.itemEnd());
    return end == 0 ? last.text : withoutHead(last.text.substring(0, end).stripTrailing());
  }

  private int sentenceEnd() {
    // What follows shows whether the last point ends a sentence or an abbreviation.
    String followed = text + " So it is.";
    FilteredBreakIteratorBuilder filter = FilteredBreakIteratorBuilder.getInstance(ULocale.ENGLISH);
    MORE_ABBREVIATIONS.forEach(filter::suppressBreakAfter);
    BreakIterator sentences =
        filter.wrapIteratorWithFilter(BreakIterator.getSentenceInstance(ULocale.ROOT));
    sentences.setText(followed);
    int end = 0;
    int start = 0;
    for (int next = sentences.next(); next != BreakIterator.DONE; next = sentences.next()) {
      int to = Math.min(next, text.length());
      if (to > start && isWhole(text.substring(start, to).strip(), to == text.length(), next)) {
        end = to;
      }
      start = to;
    }
    return end;
  }

  private boolean isWhole(String sentence, boolean last, int next) {
    boolean runsOn = last && next > text.length() + 1;
    return !runsOn
        && Prose.isSentence(sentence)
        && LETTER.matcher(sentence).find()
        && !(last && CUT_NUMBER.matcher(sentence).find());
  }

  /** The end of the last item of a list that another line follows: items are often no sentences. */
  private int itemEnd() {
    List<String> lines = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      lines.add(text.substring(start, end).strip());
      ends.add(end);
      start = end + 1;
    }
    List<Integer> marks = ListMarks.of(lines);
    for (int line = lines.size() - 2; line >= 0; line--) {
      if (marks.get(line) > 0 && lines.get(line).length() > marks.get(line)) {
        return ends.get(line);
      }
    }
    return 0;
  }

  /** A head whose list is gone is no end. */
  private static String withoutHead(String ended) {
    int line = ended.lastIndexOf('\n');
    return line > 0 && Prose.isHead(ended) ? ended.substring(0, line).stripTrailing() : ended;
  }
}
