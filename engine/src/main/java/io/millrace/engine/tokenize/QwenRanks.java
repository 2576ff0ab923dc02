package io.millrace.engine.tokenize;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/** Qwen's first tokenizer: a ranks file whose control tokens follow right after the last rank. */
final class QwenRanks {
  private static final int EXTRAS = 205;

  private QwenRanks() {}

  /** The rows of the embedding in config.json, if it is there, limit the reserved tokens. */
  static ImportedTokenizer read(Path ranks, Path config) throws IOException {
    SortedMap<Integer, byte[]> tokens = RanksFile.read(ranks);
    int first = tokens.lastKey() + 1;
    if (first != tokens.size()) {
      throw new UnsupportedTokenizerException(
          ranks + " has " + tokens.size() + " ranks up to " + (first - 1) + ": some are missing");
    }
    Map<String, Integer> control = new LinkedHashMap<>();
    control.put("<|endoftext|>", first);
    control.put("<|im_start|>", first + 1);
    control.put("<|im_end|>", first + 2);
    int rows = rows(config);
    for (int extra = 0; extra < EXTRAS && first + control.size() < rows; extra++) {
      control.put("<|extra_" + extra + "|>", first + control.size());
    }
    int size = first + control.size();
    return new ImportedTokenizer(
        tokens,
        new TokenizerInfo(TokenizerFiles.RANKS, TokenizerFiles.NFC, Patterns.QWEN, control, size));
  }

  private static int rows(Path config) throws IOException {
    return Files.exists(config)
        ? new ObjectMapper().readTree(config.toFile()).path("vocab_size").asInt(Integer.MAX_VALUE)
        : Integer.MAX_VALUE;
  }
}
