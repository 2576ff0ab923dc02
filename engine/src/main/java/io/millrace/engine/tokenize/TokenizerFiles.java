package io.millrace.engine.tokenize;

/** Names that the ranks file and the manifest's tokenizer section share. */
final class TokenizerFiles {
  static final String RANKS = "tokenizer.tiktoken";
  static final String NFC = "nfc";
  static final String NO_NORMALIZER = "none";

  private TokenizerFiles() {}
}
