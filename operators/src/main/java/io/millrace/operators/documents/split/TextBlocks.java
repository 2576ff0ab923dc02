package io.millrace.operators.documents.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides a text into its blocks: paragraphs, fenced code and tables. The blocks lie end to end and
 * cover the whole text; blank lines belong to the block before them.
 */
final class TextBlocks {

  /**
   * One block.
   *
   * @param whole whether it is better kept in one piece: code and tables
   */
  record Block(int start, int end, boolean whole) {}

  private final String text;
  private final List<Block> blocks = new ArrayList<>();
  private int start;
  private boolean whole;

  private TextBlocks(String text) {
    this.text = text;
  }

  static List<Block> of(String text) {
    return new TextBlocks(text).divide();
  }

  private List<Block> divide() {
    int fence = 0; // how many marks opened the fence that we are in
    char mark = 0;
    boolean afterBlank = false;
    boolean inTable = false;
    for (int line = 0; line < text.length(); ) {
      int end = lineEnd(line);
      int first = skipSpaces(line, end);
      boolean blank = first == end;
      int marks = blank ? 0 : fenceMarks(first, end);
      if (fence > 0) {
        if (marks >= fence && text.charAt(first) == mark && isBlank(first + marks, end)) {
          fence = 0;
          cut(end, false);
        }
      } else if (blank) {
        afterBlank = true;
      } else {
        boolean table = text.charAt(first) == '|';
        if (afterBlank || marks > 0 || table != inTable) {
          cut(line, marks > 0 || table);
        }
        afterBlank = false;
        inTable = table;
        if (marks > 0) {
          fence = marks;
          mark = text.charAt(first);
        }
      }
      line = end;
    }
    cut(text.length(), false);
    return blocks;
  }

  /** Ends the present block here; a block of blank lines alone joins the one before. */
  private void cut(int end, boolean nextWhole) {
    if (end > start) {
      boolean blank = isBlank(start, end);
      Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
      if (blank && last != null) {
        blocks.set(blocks.size() - 1, new Block(last.start(), end, last.whole()));
      } else {
        blocks.add(new Block(start, end, whole));
      }
    }
    start = end;
    whole = nextWhole;
  }

  private int lineEnd(int from) {
    int newline = text.indexOf('\n', from);
    return newline < 0 ? text.length() : newline + 1;
  }

  private int skipSpaces(int from, int end) {
    int at = from;
    while (at < end && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private boolean isBlank(int from, int end) {
    return skipSpaces(from, end) == end;
  }

  /** Length of a run of three or more ` or ~ at the start of a line, otherwise 0. */
  private int fenceMarks(int from, int end) {
    char mark = text.charAt(from);
    int at = from;
    while ((mark == '`' || mark == '~') && at < end && text.charAt(at) == mark) {
      at++;
    }
    return at - from >= 3 ? at - from : 0;
  }
}
