package io.millrace.operators.kafka;

import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.SourceRecord;
import io.millrace.schemas.ConversationRequest;

/** Reads conversation requests from Kafka. */
public final class RequestDeserializer
    extends RecordDeserializer<ConversationRequest, SourceRecord> {
  private static final long serialVersionUID = 1L;

  /**
   * @param schemaDirectory holds other writers' schemas as ID.avsc; null where there are none
   * @param maxBytes a longer record, its key included, becomes a dead letter without its bytes
   */
  public RequestDeserializer(String schemaDirectory, int maxBytes) {
    super(ConversationRequest.class, SourceRecord.class, schemaDirectory, maxBytes);
  }

  public RequestDeserializer() {
    this(null, RecordSize.DEFAULT_MAX_REQUEST);
  }

  @Override
  SourceRecord element(ConversationRequest request, String error, RecordOrigin origin) {
    return new SourceRecord(
        request,
        error,
        origin.key(),
        origin.value(),
        origin.topic(),
        origin.partition(),
        origin.offset(),
        origin.traceparent());
  }
}
