package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;
import java.util.List;
import java.util.Set;

/**
 * ChatML as the first Qwen was trained on it: role, line break and content are encoded apart, and
 * the line break between two messages belongs to the later one.
 */
final class QwenFormat extends ImFormat {
  private final int start;

  QwenFormat(Tokenizer tokenizer, String defaultSystem) {
    super(tokenizer, defaultSystem);
    this.start = tokenizer.controlToken(START);
  }

  @Override
  public String name() {
    return "qwen";
  }

  @Override
  public int[] query(List<Message> messages) {
    PromptWriter out = writer();
    for (Message message : messages) {
      if (message.role() == Role.TOOL) {
        throw new IllegalArgumentException(
            "a message has role tool, which chat format qwen does not know: send it as user");
      }
      out.text("\n");
      write(out, name(message.role()), message.content());
    }
    return out.text("\n").control(START).text("assistant").separate("\n").ids();
  }

  @Override
  public int[] close() {
    return writer().control(END).ids();
  }

  /** Where this model should end it sometimes starts a new message instead. */
  @Override
  public Set<Integer> stopIds() {
    Set<Integer> ids = super.stopIds();
    ids.add(start);
    return ids;
  }

  @Override
  void write(PromptWriter out, String role, String content) {
    out.control(START).text(role).separate("\n").separate(content).control(END);
  }
}
