package io.millrace.engine.model;

/**
 * What the manifest says of the chat format.
 *
 * @param format {@code qwen}, {@code qwen2}, {@code qwen3} or {@code chatml}
 * @param defaultSystem the system message used where a request has none; null for none
 */
public record ChatInfo(String format, String defaultSystem) {}
