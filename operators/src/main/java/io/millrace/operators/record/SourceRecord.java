package io.millrace.operators.record;

import io.millrace.schemas.ConversationRequest;

/**
 * A record as it came from its source: the decoded request, or why there is none, and the original
 * bytes with their place for a dead letter.
 *
 * @param request the decoded request; null where the value could not be decoded
 * @param error why it could not be decoded; null where it could
 * @param key the record's key, byte for byte; null where it had none
 * @param value the record's value, byte for byte; null where it had none
 * @param topic the topic, or the file of a bounded run
 * @param partition partition there
 * @param offset offset there
 * @param traceparent W3C trace context of the record's header, carried to its outputs; may be null
 */
public record SourceRecord(
    ConversationRequest request,
    String error,
    byte[] key,
    byte[] value,
    String topic,
    int partition,
    long offset,
    String traceparent) {

  /** Length of the record's key and value. */
  public int bytes() {
    return origin().bytes();
  }

  RecordOrigin origin() {
    return new RecordOrigin(key, value, topic, partition, offset, traceparent);
  }

  /** The key of the stream. */
  public String conversationId() {
    return request.getConversationId();
  }
}
