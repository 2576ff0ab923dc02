package io.millrace.engine.chat;

/** The parts that a prompt cannot leave out do not fit the model's context. */
public final class PromptTooLongException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public PromptTooLongException(String message) {
    super(message);
  }

  /** The system message and the new query alone are too long. */
  public PromptTooLongException(int tokens, int maxTokens) {
    super(
        "the prompt has "
            + tokens
            + " tokens without any history, the limit is "
            + maxTokens
            + ": shorten text, messages or system, or lower max_new_tokens");
  }
}
