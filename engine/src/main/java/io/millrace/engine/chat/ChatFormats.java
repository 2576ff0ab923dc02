package io.millrace.engine.chat;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.tokenize.Tokenizer;

/** Finds the chat format that a manifest names. */
public final class ChatFormats {
  private ChatFormats() {}

  /**
   * The format for a model's tokenizer.
   *
   * @param info from the manifest, which has none for a model that is not made for chat
   * @throws IllegalArgumentException if there is no or an unknown format, or the tokenizer lacks
   *     the format's control tokens
   */
  public static ChatFormat of(ChatInfo info, Tokenizer tokenizer) {
    if (info == null) {
      throw new IllegalArgumentException(
          "the model has no chat format: set chat.format in the manifest, or give it prompts");
    }
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
