package io.millrace.operators.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.wire.SchemaResolver;
import io.millrace.schemas.wire.WireDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A dead letter fits the longest record that Kafka takes, whatever it holds. */
class DeadLetterSizeTest {
  private static final String LONGEST_TOPIC = "t".repeat(249);
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  /** Three bytes of UTF-8 for each character of an error or an id. */
  private static final String LONG_TEXT = "字".repeat(1 << 20);

  private static final String LONGEST_ID = "字".repeat(256);

  /** Two megabytes are more than the default, one kilobyte is the least. */
  static Stream<Integer> limits() {
    return Stream.of(1 << 10, RecordSize.DEFAULT_MAX_REQUEST, 2 << 20);
  }

  @ParameterizedTest(name = "source.max-request-size {0}")
  @MethodSource("limits")
  void shouldHoldEveryRecordThatIsReadWithItsBytes(int maxRead) throws Exception {
    int maxWritten = RecordSize.maxWritten(maxRead);
    var serializer = opened(maxWritten);
    int keyBound = RecordSize.MAX_DEAD_LETTER_KEY;
    for (int keyLength : List.of(0, 1, keyBound, keyBound + 1, maxRead / 2, maxRead)) {
      for (String id : new String[] {null, "id", LONGEST_ID, LONG_TEXT}) {
        if (keyLength > maxRead) {
          continue;
        }
        byte[] key = new byte[keyLength];
        byte[] value = new byte[maxRead - keyLength];
        ProducerRecord<byte[], byte[]> record =
            serializer.serialize(letter(key, value, id), null, null);

        // No assertion shows megabytes where it fails.
        String which = "key of %d bytes, id %.10s".formatted(keyLength, id);
        assertThat(size(record)).as(which).isLessThanOrEqualTo(maxWritten);
        DeadLetter written = decode(record);
        assertThat(ByteBuffer.wrap(key).equals(written.getOriginalKey())).as(which).isTrue();
        assertThat(ByteBuffer.wrap(value).equals(written.getOriginal())).as(which).isTrue();
      }
    }
  }

  /** As where a job resumes with a lower limit, or its state comes from one with a higher. */
  @Test
  void shouldTellOfBytesThatNoRecordHasRoomFor() throws Exception {
    int maxWritten = RecordSize.KAFKA_DEFAULT;
    byte[] key = new byte[600_000];
    byte[] value = "value ".repeat(500_000).getBytes(StandardCharsets.US_ASCII);

    ProducerRecord<byte[], byte[]> record =
        opened(maxWritten).serialize(letter(key, value, null), null, null);

    assertThat(size(record)).isLessThanOrEqualTo(maxWritten);
    DeadLetter written = decode(record);
    assertThat(written.getOriginal() == null).isTrue();
    assertThat(written.getOriginalKey() == null).isTrue();
    assertThat(written.getError())
        .hasSizeLessThanOrEqualTo(4002)
        .startsWith("字字")
        .contains(
            "original_key of 600000 bytes (SHA-256 " + sha256(key),
            "original of 3000000 bytes (SHA-256 " + sha256(value),
            "source.max-request-size");
    assertThat(record.key()).as("as of others with this key").isEqualTo(hash(key));
    assertThat(header(record, Headers.TRACEPARENT)).isEqualTo(TRACEPARENT);
  }

  @Test
  void shouldKeepLettersOfOneKeyTogether() throws Exception {
    var serializer = opened(RecordSize.KAFKA_DEFAULT);
    byte[] shortKey = new byte[RecordSize.MAX_DEAD_LETTER_KEY];
    byte[] longKey = new byte[RecordSize.MAX_DEAD_LETTER_KEY + 1];
    byte[] value = {1};

    assertThat(serializer.serialize(letter(shortKey, value, null), null, null).key())
        .isEqualTo(shortKey);
    assertThat(serializer.serialize(letter(longKey, value, null), null, null).key())
        .isEqualTo(serializer.serialize(letter(longKey, new byte[300_000], null), null, null).key())
        .isEqualTo(hash(longKey));
    assertThat(serializer.serialize(letter(longKey, value, "known"), null, null).key())
        .isEqualTo("known".getBytes(StandardCharsets.UTF_8));
    assertThat(serializer.serialize(letter(null, value, null), null, null).key()).isNull();
  }

  private static Traced<DeadLetter> letter(byte[] key, byte[] value, String id) {
    RecordOrigin origin =
        new RecordOrigin(key, value, LONGEST_TOPIC, Integer.MAX_VALUE, Long.MAX_VALUE, TRACEPARENT);
    return DeadLetters.of(origin, id, id, DeadLetterStage.VALIDATE, LONG_TEXT);
  }

  private static KafkaRecordSerializationSchema<Traced<DeadLetter>> opened(int maxWritten)
      throws Exception {
    var serializer = RecordSerializers.deadLetters("dead", maxWritten);
    serializer.open(null, null);
    return serializer;
  }

  private static int size(ProducerRecord<byte[], byte[]> record) {
    return WrittenSize.of(record);
  }

  private static DeadLetter decode(ProducerRecord<byte[], byte[]> record) throws Exception {
    return WireDecoder.of(DeadLetter.class, SchemaResolver.none(), Integer.MAX_VALUE)
        .decode(record.value());
  }

  private static byte[] hash(byte[] bytes) throws Exception {
    return sha256(bytes).getBytes(StandardCharsets.US_ASCII);
  }

  private static String sha256(byte[] bytes) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
