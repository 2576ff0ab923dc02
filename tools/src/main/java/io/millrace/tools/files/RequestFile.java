package io.millrace.tools.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.json.JsonProblem;
import io.millrace.schemas.json.RequestJson;
import io.millrace.schemas.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Requests from a file with one JSON object a line, in the order in which they are sent. */
public final class RequestFile {

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
    return read(Files.readAllBytes(file), file.toString());
  }

  /** As {@link #read(Path)}, of bytes that are here already, such as standard input. */
  public static List<Line> read(byte[] bytes, String name) {
    List<Line> lines = new ArrayList<>();
    for (StrictJson.Line line : StrictJson.lines(bytes, name)) {
      try {
        lines.add(request(line.json()));
      } catch (JsonProblem e) {
        throw new IllegalArgumentException(line.at() + ": " + e.getMessage(), e);
      }
    }
    return lines;
  }

  private static Line request(JsonNode json) {
    Optional<String> expected = Optional.empty();
    if (json instanceof ObjectNode object && object.path(EXPECTED).isTextual()) {
      expected = Optional.of(object.remove(EXPECTED).asText());
    }
    return new Line(RequestJson.read(json), expected);
  }
}
