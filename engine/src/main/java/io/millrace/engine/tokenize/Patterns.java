package io.millrace.engine.tokenize;

/** Regular expressions of the pre-tokenizers that checkpoints name without spelling them out. */
final class Patterns {
  /** All families of Qwen. */
  static final String QWEN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String GPT2_BEFORE_NUMBERS = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+";
  private static final String GPT2_OTHERS = "| ?[^\\s\\p{L}\\p{N}]+";

  /** GPT-2's, which a ByteLevel pre-tokenizer applies by itself. */
  static final String GPT2 = GPT2_BEFORE_NUMBERS + "| ?\\p{N}+" + GPT2_OTHERS + "|\\s+(?!\\S)|\\s+";

  private Patterns() {}

  /**
   * GPT-2's within the pieces that digits leave. A piece ends before a number, so white space there
   * is kept together as at the end of the text.
   */
  static String gpt2AfterDigits(boolean individual) {
    return GPT2_BEFORE_NUMBERS
        + (individual ? "|\\p{N}" : "|\\p{N}+")
        + GPT2_OTHERS
        + "|\\s+(?![^\\s\\p{N}])|\\s+";
  }
}
