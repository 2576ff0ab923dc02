package io.millrace.schemas.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.RequestKind;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestJsonTest {

  @Test
  void shouldTakeDefaultsForWhatIsMissing() {
    ConversationRequest request =
        RequestJson.read("{\"conversation_id\":\"c\",\"request_id\":\"r\",\"text\":\"hi\"}");

    assertThat(request)
        .isEqualTo(
            ConversationRequest.newBuilder()
                .setConversationId("c")
                .setRequestId("r")
                .setText("hi")
                .build());
    assertThat(request.getKind()).isEqualTo(RequestKind.TURN);
  }

  @Test
  void shouldReadEveryKindOfField() {
    ConversationRequest request =
        RequestJson.read(
            """
            {"conversation_id":"c","request_id":"r","kind":"CANCEL","cancel_request_id":"q",
             "messages":[{"role":"user","content":"你好"}],"system":"s","tools":null,
             "sampling":{"temperature":0,"top_k":4,"seed":9007199254740993,"stop":["\\n"],
                         "stop_ids":[1,2],"ignore_eos":true,"draft_tokens":8},
             "model":"m","tenant":"t","priority":-2,"deadline":"2026-01-31T12:00:00Z",
             "stream":true,"metadata":{"a":"b"}}""");

    assertThat(request.getKind()).isEqualTo(RequestKind.CANCEL);
    assertThat(request.getMessages().get(0).getContent()).isEqualTo("你好");
    assertThat(request.getSampling().getTemperature()).isZero();
    assertThat(request.getSampling().getSeed()).isEqualTo(9007199254740993L);
    assertThat(request.getSampling().getStopIds()).containsExactly(1, 2);
    assertThat(request.getSampling().getDraftTokens()).isEqualTo(8);
    assertThat(request.getDeadline()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(request.getPriority()).isEqualTo(-2);
    assertThat(request.getMetadata()).containsEntry("a", "b");
    assertThat(RequestJson.read(RecordJson.write(request))).isEqualTo(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json|no JSON",
        "[]|the line: [] is not a JSON object",
        "{}|request_id: the field is missing",
        "{\"request_id\":\"r\",\"request_id\":\"q\"}|uplicate",
        "{\"request_id\":1}|request_id: 1 is not a string",
        "{\"request_id\":\"\\ud83d\"}|request_id: holds half a surrogate pair",
        "{\"request_id\":\"r\",\"txt\":\"\"}|txt: no such field",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"kind\":\"TALK\"}|kind: \"TALK\" is not one of",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"priority\":1.5}|priority: 1.5 is not an int",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"priority\":3000000000}|is not an int",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"deadline\":\"soon\"}|deadline: \"soon\" is not",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"sampling\":{\"top\":1}}|sampling.top: no such",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\",\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
        "{\"request_id\":\"r\",\"conversation_id\":\"c\"} x|no JSON"
      })
  void shouldNameTheFieldThatIsWrong(String line, String message) {
    assertThatThrownBy(() -> RequestJson.read(line))
        .isInstanceOf(JsonProblem.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldWriteBytesInBase64() {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setStage(DeadLetterStage.DECODE)
            .setError("e")
            .setOriginal(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .setTopic("t")
            .setPartition(1)
            .setOffset(2)
            .build();

    assertThat(RecordJson.write(letter))
        .isEqualTo(
            "{\"stage\":\"DECODE\",\"error\":\"e\",\"request_id\":null,\"conversation_id\":null,"
                + "\"original\":\"AQID\",\"original_key\":null,\"topic\":\"t\",\"partition\":1,"
                + "\"offset\":2}");
    assertThat(letter.getOriginal().remaining()).as("reading must not consume").isEqualTo(3);
  }
}
