package io.millrace.engine.chat;

/** Who says a message. */
public enum Role {
  SYSTEM,
  USER,
  ASSISTANT,
  TOOL
}
