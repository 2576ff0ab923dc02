package io.millrace.schemas.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.ConversationRequest;

/** One conversation request per line of JSON, for files and examples; see docs/formats.md. */
public final class RequestJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private RequestJson() {}

  /**
   * @throws JsonProblem if the line is no JSON or no request; the message names the field
   */
  public static ConversationRequest read(String line) {
    JsonNode json;
    try {
      json = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw new JsonProblem("the line is no JSON: " + e.getOriginalMessage(), e);
    }
    return JsonRecordReader.read(json, ConversationRequest.class);
  }
}
