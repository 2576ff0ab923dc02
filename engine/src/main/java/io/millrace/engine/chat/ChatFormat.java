package io.millrace.engine.chat;

import java.util.List;
import java.util.Set;

/**
 * How a model family writes a conversation as token ids. The pieces concatenate: {@code system,
 * (query, answer, close)*, query}, so that the prompt of a turn starts with the very ids that the
 * turns before left in the KV cache.
 */
public interface ChatFormat {

  /** The family's name as in the manifest: {@code qwen}, {@code qwen2}, {@code qwen3}, .. */
  String name();

  /**
   * The ids of the system message.
   *
   * @param system its text; null asks for the family's default, which may be none
   */
  int[] system(String system);

  /**
   * The ids of the messages of a new turn (user or tool), ending with an opened assistant header.
   */
  int[] query(List<Message> messages);

  /** The ids of an answer given as text, as for a history that the client sends along. */
  int[] answer(String text);

  /** What stands after an answer, from {@code <|im_end|>} to where the next query starts. */
  int[] close();

  /** The ids that end an answer. */
  Set<Integer> stopIds();

  /**
   * Builds the prompt of a turn: walks the history newest first and keeps turns while they fit.
   *
   * @param maxTokens the longest prompt allowed, in tokens
   * @throws PromptTooLongException if system and query alone exceed {@code maxTokens}
   */
  Prompt prompt(int[] system, List<TokenTurn> history, int[] query, int maxTokens);
}
