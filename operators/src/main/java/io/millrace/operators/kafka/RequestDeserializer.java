package io.millrace.operators.kafka;

import io.millrace.operators.SourceRecord;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.wire.DecodeException;
import io.millrace.schemas.wire.FixedSchemas;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Reads requests from Kafka; bytes that are no request become a {@link SourceRecord} with an error.
 */
public final class RequestDeserializer implements KafkaRecordDeserializationSchema<SourceRecord> {
  private static final long serialVersionUID = 1L;

  private final String schemaDirectory;
  private final int maxBytes;
  private transient WireDecoder<ConversationRequest> decoder;

  /**
   * @param schemaDirectory holds other writers' schemas as ID.avsc; null where there are none
   * @param maxBytes a longer record becomes a dead letter
   */
  public RequestDeserializer(String schemaDirectory, int maxBytes) {
    this.schemaDirectory = schemaDirectory;
    this.maxBytes = maxBytes;
  }

  public RequestDeserializer() {
    this(null, WireDecoder.DEFAULT_MAX_BYTES);
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) throws IOException {
    SchemaResolver resolver =
        schemaDirectory == null
            ? SchemaResolver.none()
            : FixedSchemas.load(Path.of(schemaDirectory));
    decoder = WireDecoder.of(ConversationRequest.class, resolver, maxBytes);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SourceRecord> out) {
    ConversationRequest request = null;
    String error = null;
    try {
      request = decoder.decode(record.value());
    } catch (DecodeException e) {
      error = e.getMessage();
    }
    out.collect(
        new SourceRecord(
            request,
            error,
            record.key(),
            record.value(),
            record.topic(),
            record.partition(),
            record.offset(),
            traceparent(record)));
  }

  private static String traceparent(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(Headers.TRACEPARENT);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.US_ASCII);
  }

  @Override
  public TypeInformation<SourceRecord> getProducedType() {
    return TypeInformation.of(SourceRecord.class);
  }
}
