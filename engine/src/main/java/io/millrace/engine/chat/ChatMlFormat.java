package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;
import java.util.List;

/** ChatML for models whose template is rendered to one string first: SmolLM2 and many others. */
class ChatMlFormat extends ImFormat {

  ChatMlFormat(Tokenizer tokenizer, String defaultSystem) {
    super(tokenizer, defaultSystem);
  }

  @Override
  public String name() {
    return "chatml";
  }

  @Override
  public final int[] query(List<Message> messages) {
    PromptWriter out = writer();
    writeMessages(out, messages);
    openAnswer(out);
    return out.ids();
  }

  @Override
  public final int[] close() {
    return writer().control(END).text("\n").ids();
  }

  void writeMessages(PromptWriter out, List<Message> messages) {
    messages.forEach(message -> write(out, name(message.role()), message.content()));
  }

  void openAnswer(PromptWriter out) {
    out.control(START).text("assistant\n");
  }

  @Override
  final void write(PromptWriter out, String role, String content) {
    out.control(START).text(role).text("\n").text(content).control(END).text("\n");
  }
}
