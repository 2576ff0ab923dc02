package io.millrace.engine.chat;

import io.millrace.engine.tokenize.Tokenizer;
import java.util.List;

/** Qwen 1.5, 2 and 2.5: ChatML in which tool results stand together in one user message. */
class Qwen2Format extends ChatMlFormat {

  Qwen2Format(Tokenizer tokenizer, String defaultSystem) {
    super(tokenizer, defaultSystem);
  }

  @Override
  public String name() {
    return "qwen2";
  }

  @Override
  final void writeMessages(PromptWriter out, List<Message> messages) {
    Role before = null;
    for (Message message : messages) {
      if (message.role() == Role.TOOL) {
        if (before != Role.TOOL) {
          out.control(START).text("user");
        }
        writeToolResult(out, message.content());
      } else {
        endToolResults(out, before);
        writeMessage(out, message);
      }
      before = message.role();
    }
    endToolResults(out, before);
  }

  void writeMessage(PromptWriter out, Message message) {
    write(out, name(message.role()), message.content());
  }

  private static void writeToolResult(PromptWriter out, String content) {
    out.text("\n").control("<tool_response>").text("\n").text(content).text("\n");
    out.control("</tool_response>");
  }

  private static void endToolResults(PromptWriter out, Role before) {
    if (before == Role.TOOL) {
      out.control(END).text("\n");
    }
  }
}
