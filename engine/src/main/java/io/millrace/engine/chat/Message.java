package io.millrace.engine.chat;

import java.util.Objects;

/** One message of a conversation as text. */
public record Message(Role role, String content) {
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }
}
