package io.millrace.operators.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.testing.Requests;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.wire.WireEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestDeserializerTest {
  private final ConversationRequest request = Requests.turn("c", "r").build();
  private final byte[] bytes = WireEncoder.of(ConversationRequest.class).encode(request);
  private final List<SourceRecord> out = new ArrayList<>();
  private String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void shouldYieldRequestsAndErrorsAndNeverThrow() throws Exception {
    RequestDeserializer deserializer = opened(new RequestDeserializer());
    byte[] key = {1, 2};
    byte[] malformed = "{}".getBytes(StandardCharsets.UTF_8);

    read(deserializer, key, bytes, 5);
    read(deserializer, key, malformed, 6);
    read(deserializer, null, null, 7);
    read(deserializer, null, bytes, 8);

    assertThat(out).hasSize(4);
    SourceRecord first = out.get(0);
    assertThat(first.request()).isEqualTo(request);
    assertThat(first.error()).isNull();
    assertThat(first.key()).isEqualTo(key);
    assertThat(first.value()).isEqualTo(bytes);
    assertThat(first.topic()).isEqualTo("requests");
    assertThat(first.partition()).isEqualTo(3);
    assertThat(first.offset()).isEqualTo(5);
    assertThat(first.traceparent()).isEqualTo(traceparent);
    assertThat(out.get(1).request()).isNull();
    assertThat(out.get(1).error()).contains("0x7B");
    assertThat(out.get(1).value()).isEqualTo(malformed);
    assertThat(out.get(2).error()).contains("no value");
    assertThat(out.get(2).value()).isNull();
    assertThat(out.get(3).conversationId()).isEqualTo("c");
  }

  @Test
  void shouldKnowTheSchemasOfItsDirectory(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("9.avsc"), ConversationRequest.getClassSchema().toString());
    byte[] framed =
        ByteBuffer.allocate(bytes.length - 5)
            .put((byte) 0)
            .putInt(9)
            .put(bytes, 10, bytes.length - 10)
            .array();

    read(opened(new RequestDeserializer(directory.toString(), 1000)), null, framed, 0);

    assertThat(out.get(0).request()).isEqualTo(request);
  }

  @Test
  void shouldBoundTheSizeOfARecord() throws Exception {
    read(opened(new RequestDeserializer(null, bytes.length - 1)), null, bytes, 0);

    assertThat(out.get(0).error()).contains("the limit is " + (bytes.length - 1));
  }

  @Test
  void shouldNotKeepTheBytesOfARecordThatIsTooLong() throws Exception {
    byte[] key = new byte[bytes.length];

    read(opened(new RequestDeserializer(null, 2 * bytes.length - 1)), key, bytes, 6);

    SourceRecord tooLong = out.get(0);
    assertThat(tooLong.request()).isNull();
    assertThat(tooLong.key()).isNull();
    assertThat(tooLong.value()).isNull();
    assertThat(tooLong.offset()).isEqualTo(6);
    assertThat(tooLong.error())
        .contains(2 * bytes.length + " bytes", "source.max-request-size")
        .containsPattern("key of " + key.length + " bytes \\(SHA-256 [0-9a-f]{64}\\), value of");
  }

  @Test
  void shouldCarryOnNothingButATraceparent() throws Exception {
    for (String other : List.of("", "x".repeat(500_000), "x".repeat(55), traceparent + "0")) {
      traceparent = other;
      read(opened(new RequestDeserializer()), null, bytes, 0);
    }

    assertThat(out).extracting(SourceRecord::traceparent).containsOnlyNulls();
  }

  private static RequestDeserializer opened(RequestDeserializer deserializer) throws Exception {
    RequestDeserializer shipped = InstantiationUtil.clone(deserializer);
    shipped.open(null);
    return shipped;
  }

  private void read(RequestDeserializer deserializer, byte[] key, byte[] value, long offset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", traceparent.getBytes(StandardCharsets.US_ASCII));
    deserializer.deserialize(
        new ConsumerRecord<>(
            "requests",
            3,
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            key,
            value,
            headers,
            Optional.empty()),
        new ListCollector<>(out));
  }
}
