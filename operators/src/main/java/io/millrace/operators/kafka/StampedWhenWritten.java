package io.millrace.operators.kafka;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes records with the time of their writing, not with the request's. A client's clock may be
 * wrong: Kafka deletes what is too old, and refuses, for ever, what lies in the future.
 */
final class StampedWhenWritten<T> extends WrappedSerializer<T> {
  private static final long serialVersionUID = 1L;

  StampedWhenWritten(KafkaRecordSerializationSchema<T> schema) {
    super(schema);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T element, KafkaSinkContext context, Long timestamp) {
    return schema.serialize(element, context, null);
  }
}
