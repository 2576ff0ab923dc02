package io.millrace.operators.kafka;

import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;

/** Writes records as another serializer does, but for what a subclass changes. */
abstract class WrappedSerializer<T>
    implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1L;

  final KafkaRecordSerializationSchema<T> schema;

  WrappedSerializer(KafkaRecordSerializationSchema<T> schema) {
    this.schema = schema;
  }

  @Override
  public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink)
      throws Exception {
    schema.open(context, sink);
  }

  // The sink refuses a serializer that cannot name its topic.
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return ((KafkaDatasetFacetProvider) schema).getKafkaDatasetFacet();
  }
}
