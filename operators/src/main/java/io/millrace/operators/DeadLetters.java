package io.millrace.operators;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import java.nio.ByteBuffer;

/** Makes the dead letter of a record. */
final class DeadLetters {
  /** An error may quote what libraries say, and they quote anything. */
  private static final int MAX_ERROR_LENGTH = 4000;

  private DeadLetters() {}

  static Traced<DeadLetter> of(SourceRecord source, DeadLetterStage stage, String error) {
    ConversationRequest request = source.request();
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setError(Shown.text(error, MAX_ERROR_LENGTH))
            .setRequestId(request == null ? null : id(request.getRequestId()))
            .setConversationId(request == null ? null : id(request.getConversationId()))
            .setOriginal(wrap(source.value()))
            .setOriginalKey(wrap(source.key()))
            .setTopic(source.topic())
            .setPartition(source.partition())
            .setOffset(source.offset())
            .build();
    return new Traced<>(letter, source.traceparent());
  }

  private static String id(String id) {
    return id.length() > RequestValidator.MAX_ID_LENGTH ? null : id;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
