package io.millrace.engine.chat;

import java.util.List;

/** Chooses the newest turns that fit and lays out the prompt. */
final class HistoryWindow {
  private HistoryWindow() {}

  /** A turn that does not fit ends the walk, so that no older turn stands beside the gap. */
  static Prompt prompt(
      int[] system, List<TokenTurn> history, int[] close, int[] query, int maxTokens) {
    int length = system.length + query.length;
    if (length > maxTokens) {
      throw new PromptTooLongException(length, maxTokens);
    }
    int first = history.size();
    while (first > 0 && length + size(history.get(first - 1), close) <= maxTokens) {
      first--;
      length += size(history.get(first), close);
    }
    int[] ids = new int[length];
    int at = put(ids, 0, system);
    for (TokenTurn turn : history.subList(first, history.size())) {
      at = put(ids, at, turn.query());
      at = put(ids, at, turn.answer());
      at = put(ids, at, close);
    }
    put(ids, at, query);
    return new Prompt(ids, first);
  }

  private static int size(TokenTurn turn, int[] close) {
    return turn.query().length + turn.answer().length + close.length;
  }

  private static int put(int[] ids, int at, int[] piece) {
    System.arraycopy(piece, 0, ids, at, piece.length);
    return at + piece.length;
  }
}
