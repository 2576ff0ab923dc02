package io.millrace.tools.eval;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.job.config.Reasons;
import io.millrace.schemas.json.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation to hold with a model: what the user says, turn by turn.
 *
 * @param id names it among the answers
 * @param system its system message; null takes the chat format's default
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EvalConversation(String id, String system, List<UserTurn> turns) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(MapperFeature.ALLOW_COERCION_OF_SCALARS).build();

  /** What the user says; the reference answer beside it is the scorer's affair. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record UserTurn(String user) {}

  /**
   * Reads one conversation a line.
   *
   * @throws IllegalArgumentException if a line is no conversation; the message names file and line
   */
  public static List<EvalConversation> read(Path file) throws IOException {
    List<EvalConversation> conversations = new ArrayList<>();
    for (StrictJson.Line line : StrictJson.lines(file)) {
      try {
        conversations.add(JSON.treeToValue(line.json(), EvalConversation.class).checked());
      } catch (IOException | IllegalArgumentException e) {
        throw new IllegalArgumentException(line.at() + ": " + Reasons.of(e), e);
      }
    }
    return conversations;
  }

  private EvalConversation checked() {
    if (id == null || turns == null || turns.stream().anyMatch(t -> t.user() == null)) {
      throw new IllegalArgumentException("a conversation has id and turns, a turn has user");
    }
    return this;
  }
}
