package io.millrace.engine.prepare;

import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Precision;

/**
 * How a model is prepared.
 *
 * @param name the model's name; null takes the checkpoint's
 * @param chatFormat null takes the one that fits the family
 * @param defaultSystem null takes the checkpoint's; empty means none
 * @param force whether a prepared model at the target is replaced
 */
public record PrepareOptions(
    Precision precision, String name, String chatFormat, String defaultSystem, boolean force) {

  public PrepareOptions {
    if (chatFormat != null && !CheckpointChat.FORMATS.contains(chatFormat)) {
      throw new IllegalArgumentException(
          "chat format " + chatFormat + " is not one of " + CheckpointChat.FORMATS);
    }
  }

  public static PrepareOptions of(Precision precision) {
    return new PrepareOptions(precision, null, null, null, false);
  }

  /** The chat part of the manifest; null where no format is known. */
  ChatInfo chat(String ownFormat, String ownSystem) {
    String format = chatFormat != null ? chatFormat : ownFormat;
    String system = defaultSystem != null ? defaultSystem : ownSystem;
    return format == null
        ? null
        : new ChatInfo(format, system == null || system.isEmpty() ? null : system);
  }
}
