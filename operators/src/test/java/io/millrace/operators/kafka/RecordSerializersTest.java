package io.millrace.operators.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.wire.WireDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordSerializersTest {

  @Test
  void shouldKeyByConversationAndCarryHeaders() throws Exception {
    CompletionChunk chunk = new CompletionChunk("r", "会", 4, "text", false);

    ProducerRecord<byte[], byte[]> record =
        write(RecordSerializers.chunks("chunks"), new Traced<>(chunk, "00-abc"));

    assertThat(record.topic()).isEqualTo("chunks");
    assertThat(record.key()).isEqualTo("会".getBytes(StandardCharsets.UTF_8));
    assertThat(WireDecoder.of(CompletionChunk.class).decode(record.value())).isEqualTo(chunk);
    assertThat(header(record, "request-id")).isEqualTo("r");
    assertThat(header(record, "traceparent")).isEqualTo("00-abc");
    assertThat(record.timestamp()).as("not the request's: written now").isNull();
  }

  @Test
  void shouldKeepTheKeyOfWhatCouldNotBeRead() throws Exception {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setStage(DeadLetterStage.DECODE)
            .setError("e")
            .setOriginal(null)
            .setTopic("t")
            .setPartition(0)
            .setOffset(0);

    var serializer = RecordSerializers.deadLetters("dead", RecordSize.KAFKA_DEFAULT);
    DeadLetter keyed = letter.setOriginalKey(ByteBuffer.wrap(new byte[] {5})).build();
    assertThat(write(serializer, new Traced<>(keyed, null)).key()).containsExactly(5);
    assertThat(keyed.getOriginalKey().remaining()).isEqualTo(1);
    DeadLetter bare = letter.setOriginalKey(null).build();
    ProducerRecord<byte[], byte[]> record = write(serializer, new Traced<>(bare, null));
    assertThat(record.key()).isNull();
    assertThat(record.headers()).isEmpty();
  }

  private static <T> ProducerRecord<byte[], byte[]> write(
      KafkaRecordSerializationSchema<T> schema, T element) throws Exception {
    KafkaRecordSerializationSchema<T> shipped = InstantiationUtil.clone(schema);
    shipped.open(null, null);
    return shipped.serialize(element, null, 99L);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
