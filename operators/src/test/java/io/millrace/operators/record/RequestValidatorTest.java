package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.operators.testing.Requests;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.Message;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.SamplingOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestValidatorTest {
  private static final Message USER = new Message("user", "hi");
  private static final Message ASSISTANT = new Message("assistant", "hello");
  private static final Message SYSTEM = new Message("system", "be brief");
  private static final Message TOOL = new Message("tool", "{}");

  private final RequestValidator validator = new RequestValidator(SamplingDefaults.standard());

  @Test
  void shouldAcceptEveryForm() {
    for (ConversationRequest.Builder good :
        List.of(
            turn(),
            turn().setRequestId("r".repeat(256)).setConversationId("会".repeat(256)),
            turn().setSampling(sampling().setTemperature(0.0).setTopP(1.0).build()),
            turn().setPriority(10),
            turn().setPriority(-10),
            turn().setDeadline(Instant.ofEpochMilli(1)),
            turn().setMetadata(Map.of("k", "v".repeat((16 << 10) - 1))),
            messages(USER),
            messages(SYSTEM, USER),
            messages(USER, ASSISTANT, TOOL),
            messages(USER, new Message("assistant", ""), USER),
            messages(USER, ASSISTANT, USER, ASSISTANT, USER, USER),
            Requests.command(RequestKind.RESET, "c", "r"),
            Requests.command(RequestKind.CANCEL, "c", "r").setCancelRequestId("q"))) {
      assertThatCode(() -> validator.check(good.build())).doesNotThrowAnyException();
    }
  }

  static Stream<Arguments> wrong() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i <= 64; i++) {
      many.put("k" + i, "");
    }
    return Stream.of(
        wrong("request_id", "0 characters", turn().setRequestId("")),
        wrong("request_id", "257 characters", turn().setRequestId("r".repeat(257))),
        wrong("conversation_id", "0 characters", turn().setConversationId("")),
        wrong("tenant", "257 characters", turn().setTenant("t".repeat(257))),
        wrong("priority", "is 11: it must be -10 to 10", turn().setPriority(11)),
        wrong("priority", "is -2147483648", turn().setPriority(Integer.MIN_VALUE)),
        wrong("metadata", "65 entries", turn().setMetadata(many)),
        wrong("metadata", "16385 bytes", turn().setMetadata(Map.of("k", "v".repeat(16 << 10)))),
        wrong("kind", "UNKNOWN", turn().setKind(RequestKind.UNKNOWN)),
        wrong("text", "blank", turn().setText(" \n\t")),
        wrong("text", "both given", messages(USER).setText("hi")),
        wrong("text", "both missing", turn().setText(null)),
        wrong("messages[0].role", "\"robot\"", messages(new Message("robot", "hi"))),
        wrong("messages[1].content", "blank", messages(USER, new Message("user", ""))),
        wrong("messages[1].role", "only the first", messages(USER, SYSTEM, USER)),
        wrong("messages[0].role", "without the field", messages(SYSTEM, USER).setSystem("s")),
        wrong("messages[0].role", "follows a user", messages(ASSISTANT, USER)),
        wrong("messages[2].role", "follows", messages(USER, ASSISTANT, ASSISTANT, USER)),
        wrong("messages", "end with role assistant", messages(USER, ASSISTANT)),
        wrong("messages", "end with role system", messages(SYSTEM)),
        wrong("tools", "leave it out", turn().setTools("[]")),
        wrong("cancel_request_id", "kind CANCEL", turn().setCancelRequestId("q")),
        wrong("system", "kind TURN", Requests.command(RequestKind.RESET, "c", "r").setSystem("s")),
        wrong("tools", "kind TURN", Requests.command(RequestKind.CANCEL, "c", "r").setTools("[]")),
        wrong(
            "sampling",
            "kind TURN",
            Requests.command(RequestKind.RESET, "c", "r").setSampling(sampling().build())),
        wrong(
            "deadline",
            "kind TURN",
            Requests.command(RequestKind.RESET, "c", "r").setDeadline(Instant.ofEpochMilli(1))),
        wrong("sampling.temperature", "is -1.0", sampled(sampling().setTemperature(-1.0))),
        wrong("sampling.temperature", "is NaN", sampled(sampling().setTemperature(Double.NaN))),
        wrong("sampling.top_p", "is 0.0, it must lie above 0", sampled(sampling().setTopP(0.0))),
        wrong("sampling.draft_tokens", "is 65,", sampled(sampling().setDraftTokens(65))),
        wrong("sampling.max_new_tokens", "is 0,", sampled(sampling().setMaxNewTokens(0))),
        wrong("sampling.stop[0]", "has 0 characters", sampled(sampling().setStop(List.of("")))),
        wrong(
            "sampling.top_logprobs",
            "is 65, it must lie between 0 and 64",
            sampled(sampling().setTopLogprobs(65))),
        wrong("deadline", "is 0", turn().setDeadline(Instant.EPOCH)),
        wrong("deadline", "year 10000", turn().setDeadline(Instant.ofEpochMilli(1L << 60))),
        wrong("text", "kind RESET", turn().setKind(RequestKind.RESET)),
        wrong("messages", "kind CANCEL", messages(USER).setKind(RequestKind.CANCEL)),
        wrong(
            "cancel_request_id",
            "kind RESET",
            Requests.command(RequestKind.RESET, "c", "r").setCancelRequestId("q")));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("wrong")
  void shouldNameFieldAndValue(String field, String problem, ConversationRequest request) {
    InvalidRequestException wrong =
        catchThrowableOfType(InvalidRequestException.class, () -> validator.check(request));

    assertThat(wrong).as("%s should be wrong", field).isNotNull();
    assertThat(wrong.field()).isEqualTo(field);
    assertThat(wrong).hasMessageStartingWith(field).hasMessageContaining(problem);
  }

  private static Arguments wrong(
      String field, String problem, ConversationRequest.Builder request) {
    return Arguments.of(field, problem, request.build());
  }

  private static ConversationRequest.Builder turn() {
    return Requests.turn("c", "r");
  }

  private static ConversationRequest.Builder messages(Message... messages) {
    return turn().setText(null).setMessages(List.of(messages));
  }

  private static SamplingOptions.Builder sampling() {
    return SamplingOptions.newBuilder();
  }

  private static ConversationRequest.Builder sampled(SamplingOptions.Builder sampling) {
    return turn().setSampling(sampling.build());
  }
}
