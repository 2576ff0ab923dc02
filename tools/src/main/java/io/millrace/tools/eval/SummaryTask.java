package io.millrace.tools.eval;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.json.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A document whose summary is compared with a reference.
 *
 * @param group what documents are averaged by, such as a language or a length
 */
public record SummaryTask(String id, String group, String text, String reference) {
  /**
   * Reads one a line: {"id", "text", "reference"} and perhaps "group".
   *
   * @throws IllegalArgumentException if a line lacks a field; the message names both
   */
  public static List<SummaryTask> read(Path file) throws IOException {
    List<SummaryTask> tasks = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (StrictJson.Line line : StrictJson.lines(file)) {
      String at = line.at();
      JsonNode json = line.json();
      SummaryTask task =
          new SummaryTask(
              text(json, "id", at),
              json.path("group").asText("all"),
              text(json, "text", at),
              text(json, "reference", at));
      if (!ids.add(task.id)) {
        throw new IllegalArgumentException(at + ": the id " + task.id + " was there before");
      }
      tasks.add(task);
    }
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException(file + " has no documents");
    }
    return tasks;
  }

  private static String text(JsonNode json, String field, String at) {
    if (!json.path(field).isTextual()) {
      throw new IllegalArgumentException(at + ": the field " + field + " is missing or no text");
    }
    return json.get(field).asText();
  }
}
