package io.millrace.operators.documents.split;

import com.ibm.icu.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * Cuts a document into the pieces that chunks are packed from, none longer than a limit: code and
 * tables whole where they fit, otherwise their lines; sentences; where a sentence is too long,
 * words; and where even a word is, characters. The pieces lie end to end and cover the whole text.
 */
final class TextPieces {

  /**
   * One piece.
   *
   * @param tokens its length by itself
   * @param block which block it belongs to, counted from 0
   */
  record Piece(int start, int end, int tokens, int block) {}

  private final String text;
  private final int limit;
  private final ToIntFunction<String> counter;
  private final BreakIterator sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
  private final BreakIterator lines = BreakIterator.getLineInstance(Locale.ROOT);
  private final List<Piece> pieces = new ArrayList<>();

  private TextPieces(String text, int limit, ToIntFunction<String> counter) {
    this.text = text;
    this.limit = limit;
    this.counter = counter;
  }

  /**
   * @param counter tokens of a text; {@link Integer#MAX_VALUE} where it cannot be encoded at once
   */
  static List<Piece> of(String text, int limit, ToIntFunction<String> counter) {
    TextPieces cut = new TextPieces(text, limit, counter);
    List<TextBlocks.Block> blocks = TextBlocks.of(text);
    for (int i = 0; i < blocks.size(); i++) {
      TextBlocks.Block block = blocks.get(i);
      if (!block.whole()) {
        cut.sentences(block.start(), block.end(), i);
      } else if (!cut.add(block.start(), block.end(), i)) {
        cut.rows(block.start(), block.end(), i);
      }
    }
    return cut.pieces;
  }

  /** Adds a piece if it is within the limit. */
  private boolean add(int start, int end, int block) {
    int tokens = counter.applyAsInt(text.substring(start, end));
    if (tokens <= limit) {
      pieces.add(new Piece(start, end, tokens, block));
    }
    return tokens <= limit;
  }

  private void rows(int start, int end, int block) {
    for (int row = start; row < end; ) {
      int newline = text.indexOf('\n', row);
      int rowEnd = newline < 0 || newline >= end ? end : newline + 1;
      if (!add(row, rowEnd, block)) {
        words(row, rowEnd, block);
      }
      row = rowEnd;
    }
  }

  private void sentences(int start, int end, int block) {
    sentences.setText(text.substring(start, end));
    int from = start;
    for (int next = sentences.next(); next != BreakIterator.DONE; next = sentences.next()) {
      int border = start + next == end ? end : border(from, start + next, end);
      if (border > from) {
        if (!add(from, border, block)) {
          words(from, border, block);
        }
        from = border;
      }
    }
  }

  /** The tokenizer joins a space to the word behind it, and a line's end to what stands before. */
  private int border(int from, int between, int end) {
    int at = between;
    while (at > from && (text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\t')) {
      at--;
    }
    while (at < end && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      at++;
    }
    return at;
  }

  /** Cuts what is longer than the limit into parts of about the right size, between words. */
  private void words(int start, int end, int block) {
    String part = text.substring(start, end);
    int tokens = counter.applyAsInt(part);
    double perCharacter = tokens == Integer.MAX_VALUE ? 1 : (double) tokens / part.length();
    // Four fifths, as the tokens are not spread evenly; what is still too long is cut again.
    int size = Math.max(1, Math.min((int) (0.8 * limit / perCharacter), part.length() / 2));
    lines.setText(part);
    List<Integer> borders = new ArrayList<>();
    for (int from = 0; from < part.length(); from = borders.get(borders.size() - 1)) {
      boolean last = part.length() - from <= size;
      borders.add(last ? part.length() : between(part, from, from + size));
    }
    int from = 0;
    for (int border : borders) {
      if (!add(start + from, start + border, block)) {
        words(start + from, start + border, block);
      }
      from = border;
    }
  }

  /** The last border between words up to a place, else the place itself. */
  private int between(String part, int from, int to) {
    int between = lines.preceding(to + 1);
    while (between > from && part.charAt(between - 1) == ' ') {
      between--;
    }
    if (between > from) {
      return between;
    }
    boolean half =
        Character.isLowSurrogate(part.charAt(to)) && Character.isHighSurrogate(part.charAt(to - 1));
    return half ? to + 1 : to;
  }
}
