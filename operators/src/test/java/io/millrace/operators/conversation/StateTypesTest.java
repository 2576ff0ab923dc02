package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.conversation.state.InboxCursor;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.conversation.state.StoredTurn;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.testing.Requests;
import io.millrace.schemas.Completion;
import io.millrace.schemas.Message;
import io.millrace.schemas.SamplingOptions;
import io.millrace.schemas.TrustedRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in state or between tasks has serializers that can evolve: never Kryo. */
class StateTypesTest {

  @BeforeAll
  static void trust() {
    TrustedRecords.register();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        SourceRecord.class,
        Pending.class,
        InboxCursor.class,
        StoredTurn.class,
        Session.class
      })
  void shouldNotNeedKryo(Class<?> type) {
    PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
  }

  @Test
  void shouldKeepARequestWhole() throws Exception {
    SourceRecord source =
        Requests.source(
            Requests.turn("c", "r")
                .setText(null)
                .setMessages(List.of(new Message("user", "你好")))
                .setSampling(SamplingOptions.newBuilder().setTopK(3).build())
                .setDeadline(Instant.ofEpochMilli(1_800_000_000_123L))
                .setMetadata(Map.of("k", "v"))
                .build());
    Pending pending = new Pending(source, 7, true, 2, true, true);

    Pending back = roundTrip(pending, TypeInformation.of(Pending.class));

    assertThat(back.source().request()).isEqualTo(source.request());
    assertThat(back).usingRecursiveComparison().ignoringFields("source.request").isEqualTo(pending);
  }

  @Test
  void shouldKeepARecordWithoutRequest() throws Exception {
    SourceRecord bad = new SourceRecord(null, "error", null, new byte[] {1}, "t", 0, 1, null);

    SourceRecord back = roundTrip(bad, TypeInformation.of(SourceRecord.class));

    assertThat(back).usingRecursiveComparison().isEqualTo(bad);
  }

  @Test
  void shouldKeepACompletionWhole() throws Exception {
    Completion completion =
        new Completions(io.millrace.operators.testing.TestEngine::new)
            .ofNoAnswer(
                Requests.turn("c", "r").build(), 3, io.millrace.schemas.FinishReason.DEADLINE);

    Traced<Completion> back = roundTrip(new Traced<>(completion, null), Outputs.COMPLETION);

    assertThat(back.record()).isEqualTo(completion);
    assertThat(back.traceparent()).isNull();
  }

  @Test
  void shouldStoreTokensCompactly() throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer(TypeInformation.of(StoredTurn.class))
        .serialize(new StoredTurn(new int[100], new int[50]), out);

    assertThat(out.length()).isLessThan(150 * 4 + 20);
  }

  private static <T> TypeSerializer<T> serializer(TypeInformation<T> type) {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setGenericTypes(false);
    return type.createSerializer(config);
  }

  private static <T> T roundTrip(T value, TypeInformation<T> type) throws Exception {
    TypeSerializer<T> serializer = serializer(type);
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(serializer.copy(value), out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }
}
