package io.millrace.engine.assembly;

import io.millrace.engine.tokenize.StreamingDecoder;
import io.millrace.engine.tokenize.Tokenizer;
import java.util.Map;

/** For models without a tokenizer: prompts are given as ids and answers have no text. */
record IdsOnlyTokenizer(String model, int vocabularySize) implements Tokenizer {

  @Override
  public int[] encode(String text) {
    throw new IllegalArgumentException(
        "model " + model + " has no tokenizer: give the prompt as token ids");
  }

  @Override
  public byte[] bytes(int id) {
    return new byte[0];
  }

  @Override
  public String decode(int[] ids) {
    return "";
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    return id -> "";
  }

  @Override
  public int controlToken(String name) {
    return -1;
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return Map.of();
  }

  @Override
  public int maxRunLength() {
    return 0;
  }
}
