package io.millrace.operators.kafka;

import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Summary;
import io.millrace.schemas.wire.WireEncoder;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;

/**
 * Writes what leaves the operators to Kafka: keyed by conversation or document, in single-object
 * encoding, with the request's id and trace context as headers.
 */
public final class RecordSerializers {
  private RecordSerializers() {}

  public static KafkaRecordSerializationSchema<Traced<Completion>> completions(String topic) {
    return schema(
        topic, Completion.class, c -> utf8(c.getConversationId()), Completion::getRequestId);
  }

  public static KafkaRecordSerializationSchema<Traced<CompletionChunk>> chunks(String topic) {
    return schema(
        topic,
        CompletionChunk.class,
        c -> utf8(c.getConversationId()),
        CompletionChunk::getRequestId);
  }

  public static KafkaRecordSerializationSchema<Traced<Summary>> summaries(String topic) {
    return schema(topic, Summary.class, s -> utf8(s.getDocumentId()), Summary::getDocumentId);
  }

  /**
   * Dead letters that always fit, with {@link DeadLetters#key}.
   *
   * @param maxBytes longest record that the topic takes, key and headers included
   */
  public static KafkaRecordSerializationSchema<Traced<DeadLetter>> deadLetters(
      String topic, int maxBytes) {
    return new FittedDeadLetters(
        schema(topic, DeadLetter.class, DeadLetters::key, DeadLetter::getRequestId), maxBytes);
  }

  private static <T extends SpecificRecord> KafkaRecordSerializationSchema<Traced<T>> schema(
      String topic,
      Class<T> type,
      SerializableFunction<T, byte[]> key,
      SerializableFunction<T, String> requestId) {
    return new StampedWhenWritten<>(
        KafkaRecordSerializationSchema.<Traced<T>>builder()
            .setTopic(topic)
            .setKeySerializationSchema((Traced<T> traced) -> key.apply(traced.record()))
            .setValueSerializationSchema(new Value<>(type))
            .setHeaderProvider(
                (Traced<T> traced) ->
                    Headers.of(requestId.apply(traced.record()), traced.traceparent()))
            .build());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface SerializableFunction<A, B> extends Function<A, B>, Serializable {}

  private static final class Value<T extends SpecificRecord>
      implements SerializationSchema<Traced<T>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private transient WireEncoder<T> encoder;

    Value(Class<T> type) {
      this.type = type;
    }

    @Override
    public void open(InitializationContext context) {
      encoder = WireEncoder.of(type);
    }

    @Override
    public byte[] serialize(Traced<T> traced) {
      return encoder.encode(traced.record());
    }
  }
}
