package io.millrace.operators.testing;

import io.millrace.operators.record.SourceRecord;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.wire.WireEncoder;
import java.nio.charset.StandardCharsets;

/** Requests for tests. */
public final class Requests {
  private static final WireEncoder<ConversationRequest> ENCODER =
      WireEncoder.of(ConversationRequest.class);

  private Requests() {}

  public static ConversationRequest.Builder turn(String conversation, String id) {
    return ConversationRequest.newBuilder()
        .setConversationId(conversation)
        .setRequestId(id)
        .setText("text of " + id);
  }

  public static ConversationRequest.Builder command(
      RequestKind kind, String conversation, String id) {
    return ConversationRequest.newBuilder()
        .setConversationId(conversation)
        .setRequestId(id)
        .setKind(kind);
  }

  public static SourceRecord source(ConversationRequest request) {
    return new SourceRecord(
        request,
        null,
        request.getConversationId().getBytes(StandardCharsets.UTF_8),
        ENCODER.encode(request),
        "requests",
        3,
        42,
        "00-trace-of-" + request.getRequestId());
  }
}
