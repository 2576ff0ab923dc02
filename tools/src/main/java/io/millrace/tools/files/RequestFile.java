package io.millrace.tools.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.job.config.Reasons;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.json.JsonProblem;
import io.millrace.schemas.json.RequestJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests from a file with one JSON object a line, in the order in which they are sent. */
public final class RequestFile {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What a line may say besides the request: the answer that a right model gives. */
  private static final String EXPECTED = "expected";

  /**
   * One line.
   *
   * @param expected what a right answer contains, where the file tells
   */
  public record Line(ConversationRequest request, Optional<String> expected) {}

  private RequestFile() {}

  /**
   * Reads all lines; empty ones are skipped.
   *
   * @throws IllegalArgumentException if one is no request; the message names file and line
   */
  public static List<Line> read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no file " + file);
    }
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return read(reader, file.toString());
    }
  }

  /** Reads from what is open already, such as standard input. */
  public static List<Line> read(BufferedReader reader, String name) throws IOException {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      number++;
      if (!text.isBlank()) {
        try {
          lines.add(parse(text));
        } catch (JsonProblem | JsonProcessingException e) {
          throw new IllegalArgumentException(name + ":" + number + ": " + Reasons.of(e), e);
        }
      }
    }
    return lines;
  }

  private static Line parse(String text) throws JsonProcessingException {
    JsonNode json = MAPPER.readTree(text);
    Optional<String> expected = Optional.empty();
    if (json instanceof ObjectNode object && object.path(EXPECTED).isTextual()) {
      expected = Optional.of(object.remove(EXPECTED).asText());
    }
    return new Line(RequestJson.read(json.toString()), expected);
  }
}
