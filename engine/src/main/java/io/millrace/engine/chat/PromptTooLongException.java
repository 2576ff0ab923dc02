package io.millrace.engine.chat;

/** The system message and the new query alone do not fit the model's context. */
public final class PromptTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public PromptTooLongException(int tokens, int maxTokens) {
    super(
        "the prompt has "
            + tokens
            + " tokens without any history, the limit is "
            + maxTokens
            + ": shorten text, messages or system, or lower max_new_tokens");
  }
}
