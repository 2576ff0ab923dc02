package io.millrace.engine.chat;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.tokenize.Tokenizer;

/** Finds the chat format that a manifest names. */
public final class ChatFormats {
  private ChatFormats() {}

  /**
   * The format for a model's tokenizer.
   *
   * @throws IllegalArgumentException if the format is unknown or the tokenizer lacks its control
   *     tokens
   */
  public static ChatFormat of(ChatInfo info, Tokenizer tokenizer) {
    return switch (info.format()) {
      case "qwen" -> new QwenFormat(tokenizer, info.defaultSystem());
      case "qwen2" -> new Qwen2Format(tokenizer, info.defaultSystem());
      case "qwen3" -> new Qwen3Format(tokenizer, info.defaultSystem());
      case "chatml" -> new ChatMlFormat(tokenizer, info.defaultSystem());
      default ->
          throw new IllegalArgumentException(
              "chat.format in the manifest is \""
                  + info.format()
                  + "\": use qwen, qwen2, qwen3 or chatml");
    };
  }
}
