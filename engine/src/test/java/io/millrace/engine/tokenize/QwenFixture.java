package io.millrace.engine.tokenize;

import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Qwen's full-size tokenizer, from the ranks file that a test dependency carries. */
public final class QwenFixture {
  private static final int RANKS = 151643;
  private static final String[] CONTROL = {
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|object_ref_start|>",
    "<|object_ref_end|>",
    "<|box_start|>",
    "<|box_end|>",
    "<|quad_start|>",
    "<|quad_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
    "<tool_call>",
    "</tool_call>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|fim_pad|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<tool_response>",
    "</tool_response>",
    "<think>",
    "</think>"
  };

  private QwenFixture() {}

  /** As a checkpoint of the first Qwen has it. */
  public static Tokenizer qwen() {
    return Holder.QWEN;
  }

  /** With the control tokens of Qwen 2.5. */
  public static Tokenizer qwen2() {
    return Holder.QWEN2;
  }

  /** With the control tokens of Qwen 3. */
  public static Tokenizer qwen3() {
    return Holder.QWEN3;
  }

  /** Text only, as a base model without a chat format. */
  public static Tokenizer withoutControlTokens() {
    return withPattern(Patterns.QWEN);
  }

  /** Qwen's merges behind another pre-tokenizer, without a normalizer. */
  static Tokenizer withPattern(String pattern) {
    return open(new TokenizerInfo("ranks", TokenizerFiles.NO_NORMALIZER, pattern, Map.of(), RANKS));
  }

  /** Copies the ranks file into a directory, which then looks like a checkpoint. */
  static void copyRanks(Path checkpoint) throws IOException {
    try (InputStream ranks = QwenFixture.class.getResourceAsStream("/qwen.tiktoken")) {
      Files.copy(ranks, checkpoint.resolve("qwen.tiktoken"));
    }
  }

  private static Tokenizer withControlTokens(int count) {
    Map<String, Integer> control = new LinkedHashMap<>();
    for (String name : CONTROL) {
      if (control.size() < count) {
        control.put(name, RANKS + control.size());
      }
    }
    Set<String> visible = Set.of("<tool_call>", "</tool_call>", "<think>", "</think>");
    return open(
        new TokenizerInfo(
            "ranks", TokenizerFiles.NFC, Patterns.QWEN, control, RANKS + count, visible));
  }

  private static Tokenizer open(TokenizerInfo info) {
    try {
      Path directory = Files.createTempDirectory("qwen");
      copyRanks(directory);
      Path ranks = directory.resolve("qwen.tiktoken");
      Tokenizer tokenizer = BpeTokenizer.open(ranks, info);
      Files.delete(ranks);
      Files.delete(directory);
      return tokenizer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    static final Tokenizer QWEN;
    static final Tokenizer QWEN2 = withControlTokens(22);
    static final Tokenizer QWEN3 = withControlTokens(CONTROL.length);

    static {
      try {
        Path directory = Files.createTempDirectory("qwen");
        copyRanks(directory);
        TokenizerInfo info = TokenizerImporter.importInto(directory, directory);
        QWEN = BpeTokenizer.open(directory.resolve(info.file()), info);
        Files.delete(directory.resolve(info.file()));
        Files.delete(directory.resolve("qwen.tiktoken"));
        Files.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
