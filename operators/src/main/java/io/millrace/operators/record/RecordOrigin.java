package io.millrace.operators.record;

/**
 * Where a record came from and its original bytes, for a dead letter.
 *
 * @param key the record's key, byte for byte; null where it had none
 * @param value the record's value, byte for byte; null where it had none
 * @param topic the topic, or the file of a bounded run
 * @param partition partition there
 * @param offset offset there
 * @param traceparent W3C trace context of the record's header, carried to its outputs; may be null
 */
public record RecordOrigin(
    byte[] key, byte[] value, String topic, int partition, long offset, String traceparent) {

  /** Length of the record's key and value; 0 where there was no record. */
  public int bytes() {
    return (int) RecordSize.read(key, value);
  }
}
