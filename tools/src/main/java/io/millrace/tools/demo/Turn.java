package io.millrace.tools.demo;

import io.millrace.schemas.ConversationRequest;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * One turn of the demo.
 *
 * @param number which turn of its conversation this is, from 1
 * @param expected what a right answer contains, where the example tells
 */
record Turn(ConversationRequest request, int number, Optional<String> expected) {

  String id() {
    return request.getRequestId();
  }

  String conversation() {
    return request.getConversationId();
  }

  /** Whether an answer is right; empty where nothing is expected of it. */
  Optional<Boolean> isRight(String answer) {
    return expected.map(text -> normal(answer).contains(normal(text)));
  }

  /** Case, width and punctuation make no answer wrong. */
  private static String normal(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[\\p{P}\\s]+", " ")
        .strip();
  }
}
