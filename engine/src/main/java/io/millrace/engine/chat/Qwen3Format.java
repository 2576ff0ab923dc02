package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;

/**
 * Qwen 3 without thinking: an empty block of thoughts stands before each answer. The reference
 * template takes that block out of the history; here it stays, since without it the KV cache of
 * every answer given would be worthless to the next turn.
 */
final class Qwen3Format extends Qwen2Format {
  private static final String THINK = "<think>";
  private static final String END_THINK = "</think>";

  Qwen3Format(Tokenizer tokenizer, String defaultSystem) {
    super(tokenizer, defaultSystem);
  }

  @Override
  public String name() {
    return "qwen3";
  }

  /** Thoughts that a client sends back with an earlier answer are no part of the history. */
  @Override
  public int[] answer(String text) {
    return super.answer(withoutThoughts(text));
  }

  @Override
  void openAnswer(PromptWriter out) {
    super.openAnswer(out);
    out.control(THINK).text("\n\n").control(END_THINK).text("\n\n");
  }

  @Override
  void writeMessage(PromptWriter out, Message message) {
    boolean answer = message.role() == Role.ASSISTANT;
    String content = answer ? withoutThoughts(message.content()) : message.content();
    write(out, name(message.role()), content);
  }

  private static String withoutThoughts(String answer) {
    int end = answer.lastIndexOf(END_THINK);
    return end < 0 ? answer : answer.substring(end + END_THINK.length()).replaceFirst("^\n+", "");
  }
}
