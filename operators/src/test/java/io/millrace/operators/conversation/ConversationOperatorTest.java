package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.FinishReason;
import io.millrace.operators.record.Seeds;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.Message;
import io.millrace.schemas.RequestKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Turns, their order and what a conversation remembers. */
class ConversationOperatorTest {
  private OperatorHarness operator;

  @BeforeEach
  void start() throws Exception {
    operator = OperatorHarness.start(ConversationOptions.defaults());
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
  }

  @Test
  void shouldAnswerATurn() throws Exception {
    operator.send(Requests.turn("c", "r1").setMetadata(Map.of("k", "v")), 77);
    operator.answer("r1");

    Completion completion = operator.completions().get(0);
    int[] prompt = operator.engine.seen().get(0).prompt();
    assertThat(completion.getText()).isEqualTo(TestEngine.answerTo(prompt));
    assertThat(completion.getTurn()).isEqualTo(1);
    assertThat(completion.getModel()).isEqualTo(TestEngine.MODEL);
    assertThat(completion.getModelFingerprint()).isEqualTo("f00d");
    assertThat(completion.getUsage().getPromptTokens()).isEqualTo(prompt.length);
    assertThat(completion.getMetadata()).isEqualTo(Map.of("k", "v"));
    assertThat(operator.flink.getRecordOutput().iterator().next().getTimestamp()).isEqualTo(77);
    assertThat(operator.flink.extractOutputValues().get(0).traceparent())
        .isEqualTo("00-trace-of-r1");
  }

  @Test
  void shouldAnswerOneTurnOfAConversationAtATime() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("a", "a2"));
    operator.send(Requests.turn("b", "b1"));
    operator.send(Requests.turn("a", "a3"));
    assertThat(operator.engine.running()).containsExactly("a1", "b1");

    operator.answer("b1");
    assertThat(operator.engine.running()).containsExactly("a1");
    operator.answer("a1");
    operator.answer("a2");
    operator.answer("a3");

    assertThat(operator.ends()).containsExactly("b1 STOP", "a1 STOP", "a2 STOP", "a3 STOP");
    assertThat(operator.completions()).extracting(Completion::getTurn).containsExactly(1, 1, 2, 3);
  }

  @Test
  void shouldStartANextPromptWithTheLastOneAndItsAnswer() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.answer("r1");
    operator.send(Requests.turn("c", "r2"));

    int[] first = operator.engine.seen().get(0).prompt();
    int[] second = operator.engine.seen().get(1).prompt();
    int[] answer = TestEngine.answerTo(first).chars().toArray();
    assertThat(second).startsWith(first);
    assertThat(java.util.Arrays.copyOfRange(second, first.length, second.length))
        .startsWith(answer);
    assertThat(operator.engine.lastPrompt()).contains("Be helpful.").endsWith("assistant\n");
  }

  @Test
  void shouldKeepASystemMessageFromItsTurnOn() throws Exception {
    operator.send(Requests.turn("c", "r1").setSystem("Be brief."));
    operator.answer("r1");
    operator.send(Requests.turn("c", "r2"));
    assertThat(operator.engine.lastPrompt()).contains("Be brief.");
    operator.answer("r2");
    operator.send(
        Requests.turn("c", "r3")
            .setText(null)
            .setMessages(
                List.of(new Message("system", "Be kind."), new Message("user", "and now?"))));

    assertThat(operator.engine.lastPrompt())
        .contains("Be kind.", "text of r1", "text of r2", "and now?")
        .doesNotContain("Be brief.");
  }

  @Test
  void shouldReplaceTheHistoryByMessagesWithAnAnswer() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.answer("r1");
    operator.send(
        Requests.turn("c", "r2")
            .setText(null)
            .setMessages(
                List.of(
                    new Message("user", "first"),
                    new Message("assistant", "one"),
                    new Message("user", "second"),
                    new Message("assistant", "two"),
                    new Message("user", "third"))));
    operator.answer("r2");
    operator.send(Requests.turn("c", "r3"));

    assertThat(operator.completions()).extracting(Completion::getTurn).containsExactly(1, 3);
    assertThat(operator.engine.lastPrompt())
        .contains("first", "one", "second", "two", "third", "text of r3")
        .doesNotContain("text of r1");
  }

  @Test
  void shouldTellARequestSentAgainFromAnotherWithItsId() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r1").setStream(true).setPriority(2));
    assertThat(operator.deadLetters()).as("of the same request, sent again").isEmpty();
    operator.send(Requests.turn("c", "r1").setText("something else"));
    operator.answer("r1");

    assertThat(operator.ends()).containsExactly("r1 STOP");
    assertThat(operator.deadLetters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getStage()).isEqualTo(DeadLetterStage.VALIDATE);
              assertThat(letter.getError()).startsWith("request_id is \"r1\", with which");
            });
  }

  @Test
  void shouldForgetTheHistoryOnReset() throws Exception {
    operator.send(Requests.turn("c", "r1").setSystem("Be brief."));
    operator.send(Requests.command(RequestKind.RESET, "c", "reset"));
    operator.send(Requests.turn("c", "r2"));
    assertThat(operator.ends()).as("a RESET waits for the turns before it").isEmpty();

    operator.answer("r1");
    operator.answer("r2");

    assertThat(operator.ends()).containsExactly("r1 STOP", "reset RESET", "r2 STOP");
    assertThat(operator.completions()).extracting(Completion::getTurn).containsExactly(1, 0, 1);
    assertThat(operator.engine.lastPrompt())
        .contains("Be helpful.")
        .doesNotContain("r1", "Be brief.");
  }

  @Test
  void shouldIgnoreARepeatedRequest() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r1"));
    operator.answer("r1");
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("d", "r1"));
    operator.answer("r1");

    assertThat(operator.completions())
        .extracting(Completion::getConversationId)
        .containsExactly("c", "d");
  }

  @Test
  void shouldRememberOnlyTheLatestRequests() throws Exception {
    int remembered = ConversationOptions.defaults().rememberedRequests();
    for (int i = 0; i <= remembered; i++) {
      operator.send(Requests.command(RequestKind.RESET, "c", "r" + i));
    }
    operator.send(Requests.command(RequestKind.RESET, "c", "r1"));
    assertThat(operator.completions()).hasSize(remembered + 1);

    operator.send(Requests.command(RequestKind.RESET, "c", "r0"));
    assertThat(operator.completions()).hasSize(remembered + 2);
  }

  @Test
  void shouldForgetAtOnceWhatALowerSettingDoesNotRemember() throws Exception {
    for (int i = 0; i < 10; i++) {
      operator.send(Requests.command(RequestKind.RESET, "c", "r" + i));
    }
    long whole =
        operator.snapshot().getManagedKeyedState().stream().mapToLong(s -> s.getStateSize()).sum();
    var state = operator.snapshot();
    operator.close();
    ConversationOptions d = ConversationOptions.defaults();
    operator =
        OperatorHarness.restore(
            new ConversationOptions(
                d.maxBuffered(),
                d.maxBufferedBytes(),
                d.idleTimeout(),
                2,
                d.maxAttempts(),
                d.retryBackoff(),
                d.sampling()),
            state,
            1,
            0);
    operator.send(Requests.command(RequestKind.RESET, "c", "r10"));
    operator.send(Requests.command(RequestKind.RESET, "c", "r9"));
    assertThat(operator.ends()).containsExactly("r10 RESET");
    assertThat(
            operator.snapshot().getManagedKeyedState().stream()
                .mapToLong(s -> s.getStateSize())
                .sum())
        .as("eight ids less")
        .isLessThanOrEqualTo(whole - 8 * 24);
    operator.send(Requests.command(RequestKind.RESET, "c", "r8"));
    assertThat(operator.ends()).containsExactly("r10 RESET", "r8 RESET");
  }

  @Test
  void shouldStreamChunksThatEnd() throws Exception {
    operator.send(Requests.turn("c", "r1").setStream(true));
    operator.send(Requests.turn("d", "r2"));
    operator.engine.text("r1", 0, "ans");
    operator.engine.text("r1", 1, "wer");
    operator.engine.text("r2", 0, "unseen");
    operator.answer("r1");
    operator.answer("r2");

    assertThat(operator.chunks())
        .containsExactly(
            new CompletionChunk("r1", "c", 0, "ans", false),
            new CompletionChunk("r1", "c", 1, "wer", false),
            new CompletionChunk("r1", "c", 2, "", true));
  }

  @Test
  void shouldDeriveTheSeedFromTheRequest() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("d", "r2"));

    assertThat(operator.engine.seen().get(0).sampling().seed()).isEqualTo(Seeds.of("r1"));
    assertThat(Seeds.of("r1")).isEqualTo(0x82f3e9c695dc6b8dL).isNotEqualTo(Seeds.of("r2"));
  }

  @Test
  void shouldDropTheOldestTurnsThatDoNotFit() throws Exception {
    for (int i = 1; i <= 30; i++) {
      operator.send(Requests.turn("c", "r" + i));
      operator.answer("r" + i);
    }

    Completion last = operator.completions().get(29);
    assertThat(last.getTurn()).isEqualTo(30);
    assertThat(last.getUsage().getDroppedTurns()).isBetween(20, 29);
    assertThat(last.getUsage().getPromptTokens()).isLessThanOrEqualTo(TestEngine.MAX_SEQUENCE);
    assertThat(operator.engine.lastPrompt()).contains("text of r30").doesNotContain("of r2\n");
  }

  @Test
  void shouldNotRememberAnAnswerThatWasCutShort() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.engine.finish("r1", FinishReason.DEADLINE);
    operator.send(Requests.turn("c", "r2"));
    operator.deliver();

    assertThat(operator.ends()).containsExactly("r1 DEADLINE");
    assertThat(operator.engine.lastPrompt()).contains("r2").doesNotContain("r1");
  }

  @Test
  void shouldForgetAnIdleConversation() throws Exception {
    long idle = ConversationOptions.defaults().idleTimeout().toMillis();
    operator.send(Requests.turn("c", "r1"));
    operator.answer("r1");
    operator.advance(idle - 1);
    operator.send(Requests.turn("c", "r2"));
    operator.answer("r2");
    assertThat(operator.state.entries()).isPositive();

    operator.advance(idle - 1);
    operator.send(Requests.turn("c", "r3"));
    assertThat(operator.engine.lastPrompt()).as("still remembered").contains("text of r1");
    operator.answer("r3");
    operator.advance(2 * idle);

    assertThat(operator.state.entries()).isZero();
    assertThat(operator.flink.numProcessingTimeTimers()).isZero();
  }
}
