package io.millrace.engine.assembly;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Prompt;
import io.millrace.engine.chat.TokenTurn;
import java.util.List;
import java.util.Set;

/** For models that hold no conversations: plain prompts only. */
record NoChatFormat(String model) implements ChatFormat {

  @Override
  public String name() {
    return "none";
  }

  @Override
  public int[] system(String system) {
    throw refusal();
  }

  @Override
  public int[] query(List<Message> messages) {
    throw refusal();
  }

  @Override
  public int[] answer(String text) {
    throw refusal();
  }

  @Override
  public int[] close() {
    throw refusal();
  }

  @Override
  public Set<Integer> stopIds() {
    return Set.of();
  }

  @Override
  public Prompt prompt(int[] system, List<TokenTurn> history, int[] query, int maxTokens) {
    throw refusal();
  }

  private IllegalArgumentException refusal() {
    return new IllegalArgumentException(
        "model "
            + model
            + " has no chat format: build it with --chat-format and a tokenizer, or give a prompt");
  }
}
