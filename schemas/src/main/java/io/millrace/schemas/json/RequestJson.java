package io.millrace.schemas.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.ConversationRequest;

/** One conversation request per line of JSON, for files and examples; see docs/formats.md. */
public final class RequestJson {
  private RequestJson() {}

  /**
   * @throws JsonProblem if the line is no JSON or no request; the message names the field
   */
  public static ConversationRequest read(String line) {
    return read(StrictJson.parse(line));
  }

  /**
   * @throws JsonProblem if it is no request; the message names the field
   */
  public static ConversationRequest read(JsonNode json) {
    return JsonRecordReader.read(json, ConversationRequest.class);
  }
}
