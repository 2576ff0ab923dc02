package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.wire.DecodeException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class WireDecoderTest {
  private final WireEncoder<ConversationRequest> encoder =
      WireEncoder.of(ConversationRequest.class);
  private final WireDecoder<ConversationRequest> decoder =
      WireDecoder.of(ConversationRequest.class);

  @Test
  void shouldReadWhatWasWritten() throws Exception {
    ConversationRequest request = Samples.request("r-1");

    byte[] bytes = encoder.encode(request);

    assertThat(bytes).startsWith(0xC3, 0x01);
    assertThat(decoder.decode(bytes)).isEqualTo(request);
  }

  @Test
  void shouldReadConfluentFraming() throws Exception {
    ConversationRequest request = Samples.request("r-1");
    byte[] single = encoder.encode(request);
    byte[] framed =
        ByteBuffer.allocate(single.length - 5)
            .put((byte) 0)
            .putInt(17)
            .put(single, 10, single.length - 10)
            .array();
    SchemaResolver registry = new FixedSchemas(Map.of(17, ConversationRequest.getClassSchema()));

    WireDecoder<ConversationRequest> knowing =
        WireDecoder.of(ConversationRequest.class, registry, 1000);

    assertThat(knowing.decode(framed)).isEqualTo(request);
    assertThat(failure(framed).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(failure(framed)).hasMessageContaining("17.avsc");
  }

  @Test
  void shouldRefuseTextThatIsNoUtf8AndNameItsField() throws Exception {
    byte[] good = encoder.encode(Samples.request("r-ABCD"));

    for (byte[] broken : new byte[][] {{(byte) 0xC3, '('}, {(byte) 0xED, (byte) 0xA0}}) {
      assertThat(failure(replaced(good, "AB", broken)))
          .hasMessageStartingWith("request_id is no UTF-8: its byte 2 is 0x%02X", broken[0]);
    }
    assertThat(failure(replaced(good, "{}", new byte[] {(byte) 0xFF, 0})))
        .hasMessageStartingWith("messages.content is no UTF-8: its byte 0 is 0xFF");
    assertThat(decoder.decode(good).getRequestId()).isEqualTo("r-ABCD");
  }

  private static byte[] replaced(byte[] bytes, String text, byte[] by) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = latin.indexOf(text);
    byte[] copy = bytes.clone();
    System.arraycopy(by, 0, copy, at, by.length);
    return copy;
  }

  @Test
  void shouldNameWhatIsWrong() {
    byte[] good = encoder.encode(Samples.request("r-1"));
    byte[] otherSchema = good.clone();
    otherSchema[5]++;

    assertThat(failure(null).reason()).isEqualTo(Reason.EMPTY);
    assertThat(failure(new byte[0]).reason()).isEqualTo(Reason.EMPTY);
    assertThat(failure("{\"request_id\"".getBytes()).reason()).isEqualTo(Reason.NOT_AVRO);
    assertThat(failure(new byte[] {(byte) 0xC3}).reason()).isEqualTo(Reason.TRUNCATED);
    assertThat(failure(new byte[] {0, 0, 1}).reason()).isEqualTo(Reason.TRUNCATED);
    assertThat(failure(otherSchema).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(failure(Arrays.copyOf(good, good.length + 1)).reason())
        .isEqualTo(Reason.TRAILING_BYTES);
    assertThat(failure(new byte[WireDecoder.DEFAULT_MAX_BYTES + 1]).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void shouldCallEveryCutTruncated() {
    byte[] good = encoder.encode(Samples.request("r-1"));
    for (int length = 1; length < good.length; length++) {
      assertThat(failure(Arrays.copyOf(good, length)).reason())
          .as("first %d bytes", length)
          .isEqualTo(Reason.TRUNCATED);
    }
  }

  @Test
  void shouldNotAllocateForAClaimedLength() throws Exception {
    for (long claimed : new long[] {1 << 30, Integer.MAX_VALUE, 1L << 40, -1, Long.MIN_VALUE}) {
      assertThat(failure(withFirstLength(claimed)))
          .as("a string that claims %d bytes", claimed)
          .isNotNull();
    }
    assertThat(failure(withMessages(1L << 30)).reason()).isEqualTo(Reason.TRUNCATED);
  }

  @Test
  void shouldCallAWrongEnumIndexMalformed() throws Exception {
    DecodeException wrong =
        failure(
            body(
                e -> {
                  e.writeString("r");
                  e.writeString("c");
                  e.writeEnum(99);
                }));
    assertThat(wrong.reason()).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void shouldReadGoodRecordsBetweenBadOnes() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      ConversationRequest request = Samples.request("r-" + i);
      byte[] bytes = encoder.encode(request);
      byte[] bad = Arrays.copyOf(bytes, 10 + random.nextInt(bytes.length - 10));
      for (int flips = random.nextInt(4); flips > 0 && bad.length > 10; flips--) {
        bad[10 + random.nextInt(bad.length - 10)] = (byte) random.nextInt();
      }
      assertThat(failure(bad)).isNotNull();
      assertThat(decoder.decode(bytes)).isEqualTo(request);
    }
  }

  private interface Body {
    void write(BinaryEncoder encoder) throws Exception;
  }

  private static byte[] body(Body body) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0xC3, 1});
    out.write(
        SchemaNormalization.parsingFingerprint(
            "CRC-64-AVRO", ConversationRequest.getClassSchema()));
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    body.write(encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static byte[] withFirstLength(long claimed) throws Exception {
    return body(e -> e.writeLong(claimed));
  }

  private static byte[] withMessages(long claimed) throws Exception {
    return body(
        e -> {
          e.writeString("r");
          e.writeString("c");
          e.writeEnum(0);
          e.writeIndex(0);
          e.writeLong(claimed);
        });
  }

  private DecodeException failure(byte[] bytes) {
    return catchThrowableOfType(DecodeException.class, () -> decoder.decode(bytes));
  }
}
