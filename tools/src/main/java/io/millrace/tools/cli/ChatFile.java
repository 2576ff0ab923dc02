package io.millrace.tools.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Prompt;
import io.millrace.engine.chat.Role;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.schemas.json.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A conversation from the command line, as a file: a JSON array of {@code {"role": .., "content":
 * ..}}.
 */
record ChatFile(Path file, List<Message> messages) {

  static ChatFile read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("no chat file " + file.toAbsolutePath());
    }
    JsonNode array = StrictJson.file(file);
    if (!array.isArray() || array.isEmpty()) {
      throw new IllegalArgumentException(
          file + " must be a JSON array of messages such as {\"role\": \"user\", ..}");
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode node : array) {
      messages.add(message(file, messages.size(), node));
    }
    return new ChatFile(file, messages);
  }

  /** A conversation that begins with this. */
  static ChatFile of(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("--message is blank: there is nothing to answer");
    }
    return new ChatFile(Path.of("--message"), List.of(new Message(Role.USER, text)));
  }

  private static Message message(Path file, int index, JsonNode node) {
    String where = file + ": message " + index;
    if (!node.path("content").isTextual()) {
      throw new IllegalArgumentException(where + " has no text in \"content\"");
    }
    String role = node.path("role").asText();
    // As on the topic: only a model may have said nothing.
    if (node.get("content").asText().isBlank() && !role.equals("assistant")) {
      throw new IllegalArgumentException(where + ": its \"content\" is blank");
    }
    return Arrays.stream(Role.values())
        .filter(r -> r.name().toLowerCase(Locale.ROOT).equals(role))
        .findFirst()
        .map(r -> new Message(r, node.get("content").asText()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    where + " has the role \"" + role + "\": use system, user, assistant or tool"));
  }

  /**
   * The prompt for the answer to the last messages; older turns are dropped where they don't fit.
   */
  Prompt prompt(ChatFormat format, int maxTokens) {
    List<Message> rest = messages;
    String system = null;
    if (rest.get(0).role() == Role.SYSTEM) {
      system = rest.get(0).content();
      rest = rest.subList(1, rest.size());
    }
    List<TokenTurn> history = new ArrayList<>();
    List<Message> open = new ArrayList<>();
    for (Message message : rest) {
      if (message.role() != Role.ASSISTANT) {
        open.add(message);
      } else if (open.isEmpty()) {
        throw new IllegalArgumentException(
            file + ": an assistant message answers nothing: put a user message before it");
      } else {
        history.add(new TokenTurn(format.query(open), format.answer(message.content())));
        open = new ArrayList<>();
      }
    }
    if (open.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": the last message must be the user's or a tool's, to be answered");
    }
    return format.prompt(format.system(system), history, format.query(open), maxTokens);
  }
}
