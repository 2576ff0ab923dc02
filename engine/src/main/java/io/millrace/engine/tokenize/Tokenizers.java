package io.millrace.engine.tokenize;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the tokenizer of a prepared model. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * Opens the tokenizer that the manifest describes.
   *
   * @throws IllegalArgumentException if the model has none, like those with random weights
   */
  public static Tokenizer open(Path modelDirectory, Manifest manifest) throws IOException {
    TokenizerInfo info = manifest.tokenizer();
    if (info == null || info.file() == null) {
      throw new IllegalArgumentException(
          "model "
              + manifest.name()
              + " in "
              + modelDirectory
              + " has no tokenizer: give token ids instead of text, or build the model from a"
              + " checkpoint with tokenizer.json or qwen.tiktoken");
    }
    return BpeTokenizer.open(modelDirectory.resolve(info.file()), info);
  }
}
