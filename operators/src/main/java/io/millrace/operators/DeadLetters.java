package io.millrace.operators;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import java.nio.ByteBuffer;

/** Makes the dead letter of a record. */
final class DeadLetters {
  private DeadLetters() {}

  static Traced<DeadLetter> of(SourceRecord source, DeadLetterStage stage, String error) {
    ConversationRequest request = source.request();
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(stage)
            .setError(error)
            .setRequestId(request == null ? null : request.getRequestId())
            .setConversationId(request == null ? null : request.getConversationId())
            .setOriginal(wrap(source.value()))
            .setOriginalKey(wrap(source.key()))
            .setTopic(source.topic())
            .setPartition(source.partition())
            .setOffset(source.offset())
            .build();
    return new Traced<>(letter, source.traceparent());
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
