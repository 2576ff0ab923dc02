package io.millrace.engine.testing;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Prompt;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.engine.model.ChatInfo;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.TokenizerInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Manifest and chat format around {@link TestTokenizer}. */
public final class TestModel {

  /** Prompts above this many tokens get another RoPE alpha. */
  public static final int TRAINED_LENGTH = 48;

  private TestModel() {}

  public static Manifest manifest() {
    ModelConfig config =
        new ModelConfig(
            Family.QWEN,
            8,
            1,
            1,
            1,
            8,
            8,
            104,
            4096,
            1e-6,
            1e4,
            true,
            false,
            false,
            true,
            false,
            TRAINED_LENGTH);
    return new Manifest(
        Manifest.VERSION,
        "test",
        config,
        Precision.FP32,
        new TokenizerInfo(null, "none", "", Map.of(), TestTokenizer.VOCABULARY),
        new ChatInfo("test", null),
        null,
        List.of(),
        Map.of(),
        "00");
  }

  /** Only knows its stop id: the engine asks for nothing else. */
  public static ChatFormat chatFormat() {
    return new ChatFormat() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public int[] system(String system) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int[] query(List<Message> messages) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int[] answer(String text) {
        throw new UnsupportedOperationException();
      }

      @Override
      public int[] close() {
        throw new UnsupportedOperationException();
      }

      @Override
      public Set<Integer> stopIds() {
        return Set.of(TestTokenizer.END);
      }

      @Override
      public Prompt prompt(int[] system, List<TokenTurn> history, int[] query, int maxTokens) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
