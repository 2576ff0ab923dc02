package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ContextPolicy;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.Summary;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client of the first version and a job of today understand each other. */
class SchemaEvolutionTest {

  @Test
  void shouldReadAnOlderWriter() throws Exception {
    Schema v1 = Samples.v1();
    GenericRecord old =
        new GenericRecordBuilder(v1)
            .set("request_id", "r-1")
            .set("conversation_id", "c-1")
            .set("text", "hello")
            .build();
    ByteBuffer bytes = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), v1).encode(old);
    WireDecoder<ConversationRequest> reader =
        WireDecoder.of(ConversationRequest.class, new FixedSchemas(Map.of(1, v1)), 1000);

    ConversationRequest read = reader.decode(bytes.array());

    assertThat(read.getText()).isEqualTo("hello");
    assertThat(read.getKind()).isEqualTo(RequestKind.TURN);
    assertThat(read.getMetadata()).isEmpty();
    assertThat(read.getDeadline()).isNull();
    assertThat(read.getStream()).isFalse();
  }

  @Test
  void shouldBeReadByAnOlderReader() throws Exception {
    ConversationRequest now = Samples.request("r-1");
    now.setKind(RequestKind.RESET);
    Schema present = ConversationRequest.getClassSchema();
    WireDecoder<GenericRecord> reader =
        new WireDecoder<>(
            Samples.v1(), GenericDatumReader::new, new FixedSchemas(Map.of(2, present)), 1000);

    GenericRecord read = reader.decode(WireEncoder.of(ConversationRequest.class).encode(now));

    assertThat(read.get("request_id")).hasToString("r-1");
    assertThat(read.get("system")).hasToString("Be brief.");
    assertThat(read.get("kind")).as("a kind that the reader does not know").hasToString("UNKNOWN");
  }

  @ParameterizedTest
  @MethodSource("earlier")
  void shouldReadEveryEarlierVersionByItself(String file) throws Exception {
    Schema earlier = EarlierSchemas.read(file);
    GenericRecord old =
        new GenericRecordBuilder(earlier)
            .set("request_id", "r-1")
            .set("conversation_id", "c-1")
            .set("text", "hello")
            .build();
    ByteBuffer bytes =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), earlier).encode(old);

    ConversationRequest read = WireDecoder.of(ConversationRequest.class).decode(bytes.array());

    assertThat(read.getText()).isEqualTo("hello");
    assertThat(read.getContextPolicy()).isEqualTo(ContextPolicy.TRUNCATE_OLDEST);
  }

  static List<String> earlier() {
    return EarlierSchemas.FILES.stream().filter(f -> f.startsWith("Conversation")).toList();
  }

  @Test
  void shouldReadDocumentsAndSummariesWithoutPages() throws Exception {
    Schema request = EarlierSchemas.read("DocumentRequest-1.avsc");
    GenericRecord oldRequest =
        new GenericRecordBuilder(request).set("document_id", "d").set("text", "t").build();
    Schema summary = EarlierSchemas.read("Summary-1.avsc");
    GenericRecordBuilder oldSummary = new GenericRecordBuilder(summary);
    for (Schema.Field field : summary.getFields()) {
      switch (field.schema().getType()) {
        case STRING -> oldSummary.set(field, "s");
        case INT -> oldSummary.set(field, 1);
        case LONG -> oldSummary.set(field, 1L);
        default -> {
          // It has a default.
        }
      }
    }

    byte[] requestBytes = encode(request, oldRequest);
    assertThat(WireDecoder.of(DocumentRequest.class).decode(requestBytes).getPagesWithoutText())
        .isEmpty();
    byte[] summaryBytes = encode(summary, oldSummary.build());
    assertThat(WireDecoder.of(Summary.class).decode(summaryBytes).getPagesWithoutText()).isEmpty();
  }

  private static byte[] encode(Schema schema, GenericRecord record) throws Exception {
    return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema)
        .encode(record)
        .array();
  }
}
