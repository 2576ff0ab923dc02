package io.millrace.operators.kafka;

import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes records with the time of their writing, not with the request's. A client's clock may be
 * wrong: Kafka deletes what is too old, and refuses, for ever, what lies in the future.
 */
final class StampedWhenWritten<T>
    implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  private final KafkaRecordSerializationSchema<T> schema;

  StampedWhenWritten(KafkaRecordSerializationSchema<T> schema) {
    this.schema = schema;
  }

  @Override
  public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
      throws Exception {
    schema.open(context, sink);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T element, KafkaSinkContext context, Long timestamp) {
    return schema.serialize(element, context, null);
  }

  // The sink refuses a serializer that cannot name its topic.
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return ((KafkaDatasetFacetProvider) schema).getKafkaDatasetFacet();
  }
}
