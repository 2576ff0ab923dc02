package io.millrace.schemas.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The one way in for JSON from outside: exactly one value, nothing behind it, no field twice, only
 * finite numbers. Files are UTF-8, with or without a byte order mark.
 */
public final class StrictJson {
  // NaN is read so that it can be refused with the field that holds it.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * One line of a file with a value a line.
   *
   * @param at file and line, for errors
   */
  public record Line(String at, JsonNode json) {}

  private StrictJson() {}

  /**
   * Reads a text that is one value.
   *
   * @throws JsonProblem if it is not; the message names the field where there is one
   */
  public static JsonNode parse(String text) {
    return parse(text, null);
  }

  /**
   * Reads a whole file, which is one value.
   *
   * @throws IllegalArgumentException if it is not; the message names file and line
   */
  public static JsonNode file(Path file) throws IOException {
    return value(Files.readAllBytes(file), file.toString());
  }

  /** As {@link #file}, of bytes that are here already, such as standard input. */
  public static JsonNode value(byte[] bytes, String name) {
    return parse(Utf8Text.decode(bytes, name), name);
  }

  /**
   * Reads a file with one value a line; blank lines are skipped.
   *
   * @throws IllegalArgumentException if a line is not one value; the message names file and line
   */
  public static List<Line> lines(Path file) throws IOException {
    return lines(Files.readAllBytes(file), file.toString());
  }

  /** As {@link #lines(Path)}, of bytes that are here already, such as standard input. */
  public static List<Line> lines(byte[] bytes, String name) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text : (Iterable<String>) Utf8Text.decode(bytes, name).lines()::iterator) {
      number++;
      if (!text.isBlank()) {
        String at = name + ":" + number;
        try {
          lines.add(new Line(at, parse(text)));
        } catch (JsonProblem e) {
          throw new IllegalArgumentException(at + ": " + e.getMessage(), e);
        }
      }
    }
    return lines;
  }

  /**
   * @param file what the text is the whole of; null for a line of a file
   */
  private static JsonNode parse(String text, String file) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      JsonNode json = MAPPER.readTree(parser);
      if (json == null) {
        throw new JsonProblem((file == null ? "the line" : file) + " is empty, which is no JSON");
      }
      if (parser.nextToken() != null) {
        throw noJson(file, "more stands behind its end", parser.currentTokenLocation(), null);
      }
      try {
        finite(json, "");
      } catch (JsonProblem e) {
        throw file == null ? e : new JsonProblem(file + ": " + e.getMessage());
      }
      return json;
    } catch (JsonProcessingException e) {
      throw noJson(file, e.getOriginalMessage(), e.getLocation(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory cannot be read", e);
    }
  }

  private static JsonProblem noJson(
      String file, String why, JsonLocation location, JsonProcessingException cause) {
    int line = location == null ? 1 : location.getLineNr();
    String where = location == null ? "" : ", at column " + location.getColumnNr();
    String what = file == null ? "the line is" : file + ":" + line + ":";
    return new JsonProblem(what + " no JSON: " + why + where, cause);
  }

  /** Also refuses what is too large for a double, such as 1e400. */
  private static void finite(JsonNode json, String path) {
    if (json.isFloatingPointNumber() && !Double.isFinite(json.doubleValue())) {
      throw new JsonProblem(path, json.asText() + " is not a finite number");
    }
    if (json.isArray()) {
      for (int i = 0; i < json.size(); i++) {
        finite(json.get(i), path + "[" + i + "]");
      }
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      finite(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
    }
  }
}
