package io.millrace.engine.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Golden data made by src/test/golden/tokenizer_golden.py, a JSON object per line. */
public final class GoldenLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenLines() {}

  public static List<JsonNode> read(String name) {
    List<JsonNode> lines = new ArrayList<>();
    try (InputStream in = GoldenLines.class.getResourceAsStream("/golden/tokenizer/" + name);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
    return lines;
  }

  public static int[] ids(JsonNode array) {
    return JSON.convertValue(array, int[].class);
  }
}
