package io.millrace.operators.testing;

import io.millrace.engine.tokenize.StreamingDecoder;
import io.millrace.engine.tokenize.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One id per character, so that a test can read a prompt. */
final class CharTokenizer implements Tokenizer {
  private static final Map<String, Integer> CONTROL =
      Map.of("<|im_start|>", 65_536, "<|im_end|>", 65_537);

  /** A text that this tokenizer cannot take, whatever is wrong with it. */
  static final String HOSTILE = "hostile";

  @Override
  public int[] encode(String text) {
    if (text.contains(HOSTILE)) {
      throw new StackOverflowError("a pattern that recurses too deeply");
    }
    return text.chars().toArray();
  }

  @Override
  public byte[] bytes(int id) {
    return id > Character.MAX_VALUE
        ? new byte[0]
        : String.valueOf((char) id).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      if (id <= Character.MAX_VALUE) {
        text.append((char) id);
      }
    }
    return text.toString();
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    return id -> decode(new int[] {id});
  }

  @Override
  public int controlToken(String name) {
    return CONTROL.getOrDefault(name, -1);
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return CONTROL;
  }

  @Override
  public int vocabularySize() {
    return 65_538;
  }

  @Override
  public int maxRunLength() {
    return Integer.MAX_VALUE;
  }
}
