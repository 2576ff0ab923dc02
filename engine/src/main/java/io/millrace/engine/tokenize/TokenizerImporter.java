package io.millrace.engine.tokenize;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns the tokenizer of a checkpoint into the ranks file of a prepared model. */
public final class TokenizerImporter {
  private TokenizerImporter() {}

  /**
   * Writes the ranks file into {@code targetDir} and returns what the manifest has to say of it.
   *
   * @param checkpoint a directory with tokenizer.json (byte-level BPE) or qwen.tiktoken
   * @throws UnsupportedTokenizerException if the tokenizer is of another kind
   */
  public static TokenizerInfo importInto(Path checkpoint, Path targetDir) throws IOException {
    ImportedTokenizer tokenizer = read(checkpoint);
    RanksFile.write(targetDir.resolve(TokenizerFiles.RANKS), tokenizer.tokens());
    return tokenizer.info();
  }

  private static ImportedTokenizer read(Path checkpoint) throws IOException {
    Path json = checkpoint.resolve("tokenizer.json");
    Path ranks = checkpoint.resolve("qwen.tiktoken");
    if (Files.exists(json)) {
      return TokenizerJson.read(json);
    }
    if (Files.exists(ranks)) {
      return QwenRanks.read(ranks, checkpoint.resolve(ModelConfig.CHECKPOINT_FILE));
    }
    throw new UnsupportedTokenizerException(
        checkpoint + " has neither tokenizer.json nor qwen.tiktoken: add one of them");
  }
}
