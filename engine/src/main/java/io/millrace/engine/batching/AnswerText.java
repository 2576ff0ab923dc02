package io.millrace.engine.batching;

import io.millrace.engine.sample.StopMatcher;
import io.millrace.engine.tokenize.StreamingDecoder;
import java.util.function.Consumer;

/**
 * The text of an answer as it grows: decoded, held back where it may be a stop string, passed on.
 */
final class AnswerText {
  private final StreamingDecoder decoder;
  private final StopMatcher stops;
  private final Consumer<String> pieces;
  private final StringBuilder text = new StringBuilder();

  AnswerText(StreamingDecoder decoder, StopMatcher stops, Consumer<String> pieces) {
    this.decoder = decoder;
    this.stops = stops;
    this.pieces = pieces;
  }

  /** Takes a token; true if its text completes a stop string. */
  boolean append(int token) {
    emit(stops.append(decoder.next(token)));
    return stops.matched();
  }

  /** Gives out what was held back. */
  void finish() {
    emit(stops.flush());
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      pieces.accept(piece);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
