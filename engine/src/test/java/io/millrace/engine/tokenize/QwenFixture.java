package io.millrace.engine.tokenize;

import io.millrace.engine.model.TokenizerInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;

/** Qwen's full-size tokenizer, imported once from the ranks file that a test dependency carries. */
public final class QwenFixture {
  private static final int RANKS = 151643;

  private QwenFixture() {}

  /** As a checkpoint of the first Qwen has it. */
  public static Tokenizer qwen() {
    return Holder.QWEN;
  }

  /** With the control tokens of Qwen 3, of which Qwen 2.5 has the first 22. */
  public static Tokenizer qwen3() {
    return Holder.QWEN3;
  }

  /** Copies the ranks file into a directory that looks like a checkpoint. */
  public static void copyRanks(Path checkpoint) throws IOException {
    try (InputStream ranks = QwenFixture.class.getResourceAsStream("/qwen.tiktoken")) {
      Files.copy(ranks, checkpoint.resolve("qwen.tiktoken"));
    }
  }

  private static final class Holder {
    static final Tokenizer QWEN;
    static final Tokenizer QWEN3;

    static {
      try {
        Path directory = Files.createTempDirectory("qwen");
        copyRanks(directory);
        TokenizerInfo info = TokenizerImporter.importInto(directory, directory);
        Path ranks = directory.resolve(info.file());
        QWEN = BpeTokenizer.open(ranks, info);
        QWEN3 = BpeTokenizer.open(ranks, qwen3(info));
        Files.delete(ranks);
        Files.delete(directory.resolve("qwen.tiktoken"));
        Files.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static TokenizerInfo qwen3(TokenizerInfo info) {
      String[] names = {
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
      TreeMap<String, Integer> control = new TreeMap<>();
      for (String name : names) {
        control.put(name, RANKS + control.size());
      }
      return new TokenizerInfo(
          info.file(),
          info.normalizer(),
          info.pattern(),
          control,
          RANKS + names.length,
          Set.of("<tool_call>", "</tool_call>", "<think>", "</think>"));
    }
  }
}
