package io.millrace.operators.record;

import io.millrace.schemas.ContextPolicy;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.Message;
import io.millrace.schemas.RequestKind;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what can be said of a request without its conversation and without the model. */
public final class RequestValidator implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Longest request, conversation and tenant id, in characters. */
  public static final int MAX_ID_LENGTH = 256;

  /** Priorities are -10 to 10: each may hold places in the engine of its own. */
  public static final int MAX_PRIORITY = 10;

  public static final int MAX_METADATA_ENTRIES = 64;

  /** All keys and values together, in bytes of UTF-8. */
  public static final int MAX_METADATA_BYTES = 16 << 10;

  /** Messages of one request: short ones take many times their bytes when they are decoded. */
  public static final int MAX_MESSAGES = 4096;

  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
  private static final Instant LATEST_DEADLINE = Instant.parse("9999-12-31T23:59:59.999Z");

  private final SamplingDefaults sampling;

  public RequestValidator(SamplingDefaults sampling) {
    this.sampling = sampling;
  }

  /**
   * @throws InvalidRequestException at the first wrong field
   */
  public void check(ConversationRequest request) throws InvalidRequestException {
    id("request_id", request.getRequestId(), 1);
    id("conversation_id", request.getConversationId(), 1);
    id("tenant", request.getTenant(), 0);
    if (Math.abs((long) request.getPriority()) > MAX_PRIORITY) {
      throw new InvalidRequestException(
          "priority",
          "is " + request.getPriority() + ": it must be " + -MAX_PRIORITY + " to " + MAX_PRIORITY);
    }
    metadata(request.getMetadata());
    if (request.getKind() == RequestKind.UNKNOWN) {
      throw new InvalidRequestException(
          "kind", "is UNKNOWN or newer than this job: send TURN, RESET or CANCEL");
    }
    if (request.getKind() == RequestKind.TURN) {
      turn(request);
    } else {
      command(request);
    }
  }

  private void turn(ConversationRequest request) throws InvalidRequestException {
    boolean hasText = request.getText() != null;
    List<Message> messages = request.getMessages();
    if (hasText == !messages.isEmpty()) {
      throw new InvalidRequestException(
          "text",
          hasText
              ? "and messages are both given: send one of them"
              : "and messages are both missing: a TURN needs one of them");
    }
    if (hasText && request.getText().isBlank()) {
      throw new InvalidRequestException("text", "is blank: a TURN needs something to answer");
    }
    messages(messages, request.getSystem() != null);
    if (request.getTools() != null) {
      throw new InvalidRequestException(
          "tools", "is given, but this job cannot offer tools to the model: leave it out");
    }
    if (request.getCancelRequestId() != null) {
      throw new InvalidRequestException(
          "cancel_request_id", "is given with kind TURN: it belongs to kind CANCEL");
    }
    try {
      sampling.resolve(request.getSampling(), 0);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("sampling." + e.getMessage());
    }
    if (request.getContextPolicy() == ContextPolicy.UNKNOWN) {
      throw new InvalidRequestException(
          "context_policy", "is UNKNOWN or newer than this job: send TRUNCATE_OLDEST or REJECT");
    }
    Instant deadline = request.getDeadline();
    if (deadline != null && (deadline.toEpochMilli() <= 0 || deadline.isAfter(LATEST_DEADLINE))) {
      throw new InvalidRequestException(
          "deadline",
          "is "
              + deadline.toEpochMilli()
              + ": it must be epoch milliseconds after 1970, before"
              + " the year 10000");
    }
  }

  private static void command(ConversationRequest request) throws InvalidRequestException {
    String kind = request.getKind().name();
    if (request.getText() != null || !request.getMessages().isEmpty()) {
      throw new InvalidRequestException(
          request.getText() != null ? "text" : "messages",
          "is given with kind " + kind + ": only a TURN is answered");
    }
    onlyForTurns("system", request.getSystem(), kind);
    onlyForTurns("sampling", request.getSampling(), kind);
    onlyForTurns("tools", request.getTools(), kind);
    onlyForTurns("deadline", request.getDeadline(), kind);
    if (request.getContextPolicy() != ContextPolicy.TRUNCATE_OLDEST) {
      onlyForTurns("context_policy", request.getContextPolicy(), kind);
    }
    if (request.getKind() == RequestKind.RESET && request.getCancelRequestId() != null) {
      throw new InvalidRequestException(
          "cancel_request_id", "is given with kind RESET: it belongs to kind CANCEL");
    }
  }

  private static void onlyForTurns(String field, Object value, String kind)
      throws InvalidRequestException {
    if (value != null) {
      throw new InvalidRequestException(
          field, "is given with kind " + kind + ": it belongs to kind TURN");
    }
  }

  private static void messages(List<Message> messages, boolean hasSystem)
      throws InvalidRequestException {
    if (messages.size() > MAX_MESSAGES) {
      throw new InvalidRequestException(
          "messages", "are " + messages.size() + ": at most " + MAX_MESSAGES + " are allowed");
    }
    String before = "";
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      String role = message.getRole();
      String at = "messages[" + i + "]";
      if (!ROLES.contains(role)) {
        throw new InvalidRequestException(
            at + ".role",
            "is " + SafeText.value(role) + ": it must be system, user, assistant or tool");
      }
      // A model may have answered nothing, and its history must be replayable.
      if (message.getContent().isBlank() && !role.equals("assistant")) {
        throw new InvalidRequestException(at + ".content", "is blank");
      }
      if (role.equals("system") && (i > 0 || hasSystem)) {
        throw new InvalidRequestException(
            at + ".role",
            "is system: only the first message may be, and only without the field" + " system");
      }
      if (role.equals("assistant") && !before.equals("user") && !before.equals("tool")) {
        throw new InvalidRequestException(
            at + ".role", "is assistant: an answer follows a user or tool message");
      }
      before = role;
    }
    if (before.equals("assistant") || before.equals("system")) {
      throw new InvalidRequestException(
          "messages", "end with role " + before + ": the last one must be user or tool");
    }
  }

  public static void id(String field, String value, int min) throws InvalidRequestException {
    if (value.length() < min || value.length() > MAX_ID_LENGTH) {
      throw new InvalidRequestException(
          field,
          "has " + value.length() + " characters: it must have " + min + " to " + MAX_ID_LENGTH);
    }
  }

  public static void metadata(Map<String, String> metadata) throws InvalidRequestException {
    if (metadata.size() > MAX_METADATA_ENTRIES) {
      throw new InvalidRequestException(
          "metadata",
          "has " + metadata.size() + " entries: at most " + MAX_METADATA_ENTRIES + " are allowed");
    }
    long bytes = 0;
    for (Map.Entry<String, String> entry : metadata.entrySet()) {
      bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > MAX_METADATA_BYTES) {
      throw new InvalidRequestException(
          "metadata", "has " + bytes + " bytes: at most " + MAX_METADATA_BYTES + " are allowed");
    }
  }
}
