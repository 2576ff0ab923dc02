package io.millrace.engine.testing;

import io.millrace.engine.tokenize.StreamingDecoder;
import io.millrace.engine.tokenize.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Printable ASCII as ids 0 to 94, two ids that make one Chinese character together, and a control
 * token.
 */
public final class TestTokenizer implements Tokenizer {
  public static final int FIRST_HALF = 95;
  public static final int SECOND_HALF = 96;
  public static final int END = 97;
  public static final int VOCABULARY = 98;
  private static final byte[] CHARACTER = "世".getBytes(StandardCharsets.UTF_8);

  @Override
  public int[] encode(String text) {
    return text.chars().map(c -> c - ' ').toArray();
  }

  @Override
  public byte[] bytes(int id) {
    return switch (id) {
      case FIRST_HALF -> Arrays.copyOf(CHARACTER, 2);
      case SECOND_HALF -> Arrays.copyOfRange(CHARACTER, 2, 3);
      case END -> new byte[0];
      default -> new byte[] {(byte) (' ' + id)};
    };
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int id : ids) {
      all.writeBytes(bytes(id));
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public StreamingDecoder streamingDecoder() {
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    return id -> {
      boolean begins = id == FIRST_HALF && open.size() == 0;
      open.writeBytes(bytes(id));
      if (begins) {
        return "";
      }
      String text = open.toString(StandardCharsets.UTF_8);
      open.reset();
      return text;
    };
  }

  @Override
  public int controlToken(String name) {
    return controlTokens().getOrDefault(name, -1);
  }

  @Override
  public Map<String, Integer> controlTokens() {
    return Map.of("<|im_end|>", END);
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int maxRunLength() {
    return Integer.MAX_VALUE;
  }
}
