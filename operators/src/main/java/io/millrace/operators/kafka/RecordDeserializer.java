package io.millrace.operators.kafka;

import io.millrace.operators.record.LeftOut;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.RecordSize;
import io.millrace.schemas.wire.DecodeException;
import io.millrace.schemas.wire.FixedSchemas;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Reads records of one kind from Kafka; bytes that are none become an element with an error.
 *
 * @param <R> what the bytes hold
 * @param <S> the element of the stream
 */
abstract class RecordDeserializer<R extends SpecificRecord, S>
    implements KafkaRecordDeserializationSchema<S> {
  private static final long serialVersionUID = 1L;

  /** W3C: version, trace id, parent id, flags. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private static final int TRACEPARENT_LENGTH = 55;

  private final Class<R> type;
  private final Class<S> element;
  private final String schemaDirectory;
  private final int maxBytes;
  private transient WireDecoder<R> decoder;

  /**
   * @param schemaDirectory holds other writers' schemas as ID.avsc; null where there are none
   * @param maxBytes a longer record, its key included, becomes a dead letter without its bytes
   */
  RecordDeserializer(Class<R> type, Class<S> element, String schemaDirectory, int maxBytes) {
    this.type = type;
    this.element = element;
    this.schemaDirectory = schemaDirectory;
    this.maxBytes = maxBytes;
  }

  /**
   * @param record null where there is an error
   */
  abstract S element(R record, String error, RecordOrigin origin);

  @Override
  public void open(DeserializationSchema.InitializationContext context) throws IOException {
    SchemaResolver resolver =
        schemaDirectory == null
            ? SchemaResolver.none()
            : FixedSchemas.load(Path.of(schemaDirectory));
    decoder = WireDecoder.of(type, resolver, maxBytes);
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<S> out) {
    byte[] key = record.key();
    byte[] value = record.value();
    R decoded = null;
    String error = null;
    long bytes = RecordSize.read(key, value);
    if (bytes > maxBytes) {
      // A dead letter with these bytes could not be written itself.
      error =
          "the record has "
              + bytes
              + " bytes with its key, the limit is "
              + maxBytes
              + " (source.max-request-size): its bytes are only where it came from, "
              + LeftOut.record(key, value);
      key = null;
      value = null;
    } else {
      try {
        decoded = decoder.decode(value);
      } catch (DecodeException e) {
        error = e.getMessage();
        if (e.reason() == DecodeException.Reason.UNKNOWN_SCHEMA) {
          error += " (source.schema-directory)";
        }
      }
    }
    RecordOrigin origin =
        new RecordOrigin(
            key, value, record.topic(), record.partition(), record.offset(), traceparent(record));
    out.collect(element(decoded, error, origin));
  }

  /** Anything else under that name is not carried on: it may be of any length. */
  private static String traceparent(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(Headers.TRACEPARENT);
    if (header == null || header.value() == null || header.value().length != TRACEPARENT_LENGTH) {
      return null;
    }
    String text = new String(header.value(), StandardCharsets.US_ASCII);
    return TRACEPARENT.matcher(text).matches() ? text : null;
  }

  @Override
  public TypeInformation<S> getProducedType() {
    return TypeInformation.of(element);
  }
}
