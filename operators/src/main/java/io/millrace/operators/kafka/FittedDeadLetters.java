package io.millrace.operators.kafka;

import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.DeadLetter;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Leaves the original's bytes out of a dead letter that Kafka would not take with them: the job
 * would fail for it again after every restart.
 */
final class FittedDeadLetters extends WrappedSerializer<Traced<DeadLetter>> {
  private static final long serialVersionUID = 1L;

  private final int maxBytes;

  /**
   * @param maxBytes longest record that the topic takes, key and headers included
   */
  FittedDeadLetters(KafkaRecordSerializationSchema<Traced<DeadLetter>> schema, int maxBytes) {
    super(schema);
    this.maxBytes = maxBytes;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Traced<DeadLetter> letter, KafkaSinkContext context, Long timestamp) {
    ProducerRecord<byte[], byte[]> whole = schema.serialize(letter, context, timestamp);
    if (WrittenSize.of(whole) <= maxBytes) {
      return whole;
    }
    Traced<DeadLetter> shorter =
        new Traced<>(DeadLetters.withoutBytes(letter.record()), letter.traceparent());
    return new ProducerRecord<>(
        whole.topic(),
        whole.partition(),
        whole.timestamp(),
        whole.key(),
        schema.serialize(shorter, context, timestamp).value(),
        whole.headers());
  }
}
