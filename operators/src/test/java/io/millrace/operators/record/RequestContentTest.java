package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.Requests;
import io.millrace.schemas.ContextPolicy;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Message;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.SamplingOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RequestContentTest {

  @Test
  void shouldNotCountWhatARepetitionMayChange() {
    ConversationRequest.Builder again =
        turn()
            .setTenant("t")
            .setPriority(3)
            .setDeadline(Instant.ofEpochMilli(5))
            .setStream(true)
            .setMetadata(Map.of("try", "2"));

    assertThat(hash(again)).isEqualTo(hash(turn()));
  }

  @Test
  void shouldDifferInEverythingThatDecidesTheAnswer() {
    Stream<ConversationRequest.Builder> others =
        Stream.of(
            turn(),
            turn().setText("other"),
            turn().setText(null).setMessages(messages("user", "text of r")),
            turn().setText(null).setMessages(messages("tool", "text of r")),
            turn().setText(null).setMessages(messages("user", "text", "user", " of r")),
            turn().setSystem("s"),
            turn().setSampling(SamplingOptions.newBuilder().setTopK(3).build()),
            turn().setSampling(SamplingOptions.newBuilder().setSeed(3L).build()),
            turn().setSampling(SamplingOptions.newBuilder().setStop(List.of("a", "b")).build()),
            turn().setSampling(SamplingOptions.newBuilder().setStop(List.of("ab")).build()),
            turn().setModel("m"),
            turn().setContextPolicy(ContextPolicy.REJECT),
            Requests.command(RequestKind.RESET, "c", "r"),
            Requests.command(RequestKind.CANCEL, "c", "r"),
            Requests.command(RequestKind.CANCEL, "c", "r").setCancelRequestId("q"));

    assertThat(others.map(RequestContentTest::hash)).doesNotHaveDuplicates();
  }

  @Test
  void shouldTellVersionsOfADocument() {
    Stream<DocumentRequest.Builder> others =
        Stream.of(
            document(),
            document().setText("other"),
            document().setTitle("t"),
            document().setLanguage("zh"),
            document().setSampling(SamplingOptions.newBuilder().setMaxNewTokens(3).build()));

    assertThat(others.map(other -> RequestContent.hash(other.build()))).doesNotHaveDuplicates();
    assertThat(RequestContent.hash(document().setTenant("t").setPriority(1).build()))
        .isEqualTo(RequestContent.hash(document().build()));
  }

  private static DocumentRequest.Builder document() {
    return DocumentRequest.newBuilder().setDocumentId("d").setText("text");
  }

  /** It is in checkpoints: another number would make old repetitions look like forgeries. */
  @Test
  void shouldStayTheSameForEver() {
    assertThat(hash(turn())).isEqualTo(-1573365363241781562L);
  }

  private static long hash(ConversationRequest.Builder request) {
    return RequestContent.hash(request.build());
  }

  private static ConversationRequest.Builder turn() {
    return Requests.turn("c", "r");
  }

  private static List<Message> messages(String... rolesAndContents) {
    return Stream.iterate(0, i -> i < rolesAndContents.length, i -> i + 2)
        .map(i -> new Message(rolesAndContents[i], rolesAndContents[i + 1]))
        .toList();
  }
}
