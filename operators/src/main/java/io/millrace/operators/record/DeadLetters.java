package io.millrace.operators.record;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import java.nio.ByteBuffer;

/** Makes the dead letter of a record. */
public final class DeadLetters {
  /** An error may quote what libraries say, and they quote anything. */
  private static final int MAX_ERROR_LENGTH = 4000;

  private DeadLetters() {}

  public static Traced<DeadLetter> of(SourceRecord source, DeadLetterStage stage, String error) {
    ConversationRequest request = source.request();
    return of(
        source.origin(),
        request == null ? null : request.getRequestId(),
        request == null ? null : request.getConversationId(),
        stage,
        error);
  }

  /**
   * @param requestId null where it is not known
   * @param conversationId null where it is not known or there is none
   */
  public static Traced<DeadLetter> of(
      RecordOrigin origin,
      String requestId,
      String conversationId,
      DeadLetterStage stage,
      String error) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setError(SafeText.text(error, MAX_ERROR_LENGTH))
            .setRequestId(id(requestId))
            .setConversationId(id(conversationId))
            .setOriginal(wrap(origin.value()))
            .setOriginalKey(wrap(origin.key()))
            .setTopic(origin.topic())
            .setPartition(origin.partition())
            .setOffset(origin.offset())
            .build();
    return new Traced<>(letter, origin.traceparent());
  }

  private static String id(String id) {
    return id == null || id.length() > RequestValidator.MAX_ID_LENGTH ? null : id;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
