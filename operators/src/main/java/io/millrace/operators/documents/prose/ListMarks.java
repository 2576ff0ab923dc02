package io.millrace.operators.documents.prose;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the marks of lists from what looks like them. A line's first characters are a mark only
 * where other lines confirm it: bullets come in twos or follow a head, numbers count from 1. So
 * neither "3.5 million" nor "- 12 degrees", nor a wrapped line that begins with "12.", has one.
 */
final class ListMarks {
  private static final String HAN = "(?=\\p{IsHan})";

  private static final Pattern BULLET =
      Pattern.compile("^(?:(-)(?:\\s+|" + HAN + ")|(\\*)\\s+|([•·●▪◦‣])(?!\\p{N})\\s*)");

  private static final Pattern NUMBER =
      Pattern.compile("^([0-9０-９]{1,3})[.．)）、](?:\\s+|" + HAN + ")");

  private final List<String> lines;
  private final List<Integer> lengths;

  private ListMarks(List<String> lines) {
    this.lines = lines;
    this.lengths = new ArrayList<>(Collections.nCopies(lines.size(), 0));
  }

  /**
   * The length of each line's mark with the space behind it, in characters; 0 for none.
   *
   * @param lines of one text, stripped
   */
  static List<Integer> of(List<String> lines) {
    ListMarks marks = new ListMarks(lines);
    marks.bullets();
    marks.numbers();
    return marks.lengths;
  }

  private void bullets() {
    Map<String, Integer> latest = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher bullet = BULLET.matcher(lines.get(i));
      if (bullet.find()) {
        String rest = lines.get(i).substring(bullet.end());
        boolean number = !rest.isEmpty() && Character.isDigit(rest.codePointAt(0));
        Integer before = latest.put(bullet.group().strip(), i);
        if (before != null) {
          mark(before, BULLET);
          mark(i, BULLET);
        } else if (i > 0 && Prose.isHead(lines.get(i - 1)) && !number) {
          mark(i, BULLET);
        }
      }
    }
  }

  private void numbers() {
    int first = -1;
    int count = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher number = NUMBER.matcher(lines.get(i));
      if (!number.find()) {
        continue;
      }
      int value = Integer.parseInt(number.group(1));
      if (value == 1) {
        first = i;
        count = 1;
      } else if (count > 0 && value == count + 1) {
        if (count == 1) {
          mark(first, NUMBER);
        }
        mark(i, NUMBER);
        count++;
      }
    }
  }

  private void mark(int line, Pattern pattern) {
    Matcher mark = pattern.matcher(lines.get(line));
    lengths.set(line, mark.find() ? mark.end() : 0);
  }
}
