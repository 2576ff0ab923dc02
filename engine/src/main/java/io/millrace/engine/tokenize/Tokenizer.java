package io.millrace.engine.tokenize;

import java.util.Map;

/**
 * Text to token ids and back. Implementations are immutable and safe to share between threads.
 *
 * <p>Text is always ordinary text: the characters of a control token typed by a user are encoded as
 * those characters and never become the control token's id.
 */
public interface Tokenizer {

  /**
   * Encodes ordinary text.
   *
   * @throws IllegalArgumentException if the text holds an unbroken run longer than {@link
   *     #maxRunLength()} characters; the message names the run's length and offset
   */
  int[] encode(String text);

  /** The bytes of one id; empty for a control token. */
  byte[] bytes(int id);

  /** Decodes whole sequences; broken UTF-8 becomes U+FFFD and control tokens vanish. */
  String decode(int[] ids);

  /** A decoder that holds back the bytes of a character until the character is whole. */
  StreamingDecoder streamingDecoder();

  /** The id of a control token such as {@code <|im_end|>}, or -1 where the model has none. */
  int controlToken(String name);

  /** All control tokens by name. */
  Map<String, Integer> controlTokens();

  /** Number of real ids: 0 (inclusive) to this (exclusive) may be sampled; padding follows. */
  int vocabularySize();

  /** The longest run without a break that {@link #encode} accepts, in characters. */
  int maxRunLength();
}
