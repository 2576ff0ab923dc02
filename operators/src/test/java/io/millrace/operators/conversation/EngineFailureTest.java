package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.GenerationListener;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.SamplingOptions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One bad request hurts no other. */
class EngineFailureTest {
  private final ConversationOptions options = ConversationOptions.defaults();
  private final long backoff = options.retryBackoff().toMillis();
  private OperatorHarness operator;

  @BeforeEach
  void start() throws Exception {
    operator = OperatorHarness.start(options);
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
  }

  @Test
  void shouldTryAgainAndAnswer() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.fail("r1");
    operator.send(Requests.turn("c", "r3"));
    assertThat(operator.engine.running()).as("order holds while r1 waits").isEmpty();
    operator.advance(backoff - 1);
    assertThat(operator.engine.running()).isEmpty();

    operator.advance(1);
    assertThat(operator.engine.running()).containsExactly("r1");
    operator.answer("r1");
    operator.answer("r2");
    operator.answer("r3");

    assertThat(operator.ends()).containsExactly("r1 STOP", "r2 STOP", "r3 STOP");
    assertThat(operator.deadLetters()).isEmpty();
  }

  @Test
  void shouldTryAgainThoughTheClockIsSetBackMeanwhile() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.fail("r1");
    operator.setClockBack(3_600_000);
    operator.advance(backoff - 1);
    assertThat(operator.engine.running()).isEmpty();

    operator.advance(1);
    assertThat(operator.engine.running()).containsExactly("r1");
    operator.fail("r1");
    operator.advance(2 * backoff);
    operator.answer("r1");
    assertThat(operator.ends()).containsExactly("r1 STOP");
  }

  @Test
  void shouldGiveUpWithADeadLetterAndGoOn() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.fail("r1");
    operator.advance(backoff);
    operator.fail("r1");
    operator.advance(backoff);
    assertThat(operator.engine.running()).as("the wait doubles").isEmpty();
    operator.advance(backoff);
    operator.fail("r1");

    DeadLetter letter = operator.deadLetters().get(0);
    var source = Requests.source(Requests.turn("c", "r1").build());
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.GENERATE);
    assertThat(letter.getError()).contains("3 times", "no luck with r1");
    assertThat(letter.getOriginal().array()).isEqualTo(source.value());
    assertThat(letter.getOriginalKey().array()).isEqualTo(source.key());
    assertThat(letter.getTopic()).isEqualTo("requests");
    assertThat(letter.getPartition()).isEqualTo(3);
    assertThat(letter.getOffset()).isEqualTo(42);

    operator.answer("r2");
    assertThat(operator.ends()).containsExactly("r2 STOP");
    assertThat(operator.engine.lastPrompt()).doesNotContain("r1");
  }

  @Test
  void shouldAcceptARequestAgainAfterItsDeadLetter() throws Exception {
    operator.send(tooLong("r1"));
    assertThat(operator.deadLetters()).hasSize(1);

    operator.send(Requests.turn("c", "r1"));
    operator.answer("r1");

    assertThat(operator.ends()).containsExactly("r1 STOP");
  }

  @Test
  void shouldCancelAndExpireWhatWaitsForAnotherAttempt() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.fail("r1");
    operator.send(Requests.command(RequestKind.CANCEL, "c", "x").setCancelRequestId("r1"));
    assertThat(operator.ends()).containsExactly("r1 CANCELLED", "x CANCELLED");
    assertThat(operator.engine.running()).containsExactly("r2");
    operator.answer("r2");

    operator.send(
        Requests.turn("c", "r3").setDeadline(Instant.ofEpochMilli(operator.now() + backoff / 2)));
    operator.fail("r3");
    operator.advance(10 * backoff);

    assertThat(operator.ends().subList(2, 4)).containsExactly("r2 STOP", "r3 DEADLINE");
    assertThat(operator.engine.running()).isEmpty();
  }

  @Test
  void shouldKeepCountingAttemptsAfterARestore() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.fail("r1");
    operator.advance(backoff);
    operator.fail("r1");
    var state = operator.snapshot();
    operator.close();

    operator = OperatorHarness.restore(options, state, 1, 0);
    operator.fail("r1");

    assertThat(operator.deadLetters()).hasSize(1);
    operator.advance(100 * backoff);
    assertThat(operator.engine.running()).isEmpty();
  }

  @Test
  void shouldMakeAPromptThatIsTooLongADeadLetter() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(tooLong("r2"));
    operator.send(Requests.turn("c", "r3"));
    operator.answer("r1");
    operator.answer("r3");

    DeadLetter letter = operator.deadLetters().get(0);
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.PROMPT);
    assertThat(letter.getError()).contains("max_new_tokens", "shorten text");
    assertThat(operator.ends()).containsExactly("r1 STOP", "r3 STOP");
  }

  @Test
  void shouldSurviveWhateverTheTokenizerThrows() throws Exception {
    operator.send(Requests.turn("c", "r1").setText("hostile"));
    operator.send(Requests.turn("c", "r2"));
    operator.answer("r2");

    assertThat(operator.deadLetters().get(0).getStage()).isEqualTo(DeadLetterStage.PROMPT);
    assertThat(operator.deadLetters().get(0).getError()).contains("StackOverflowError");
    assertThat(operator.ends()).containsExactly("r2 STOP");
  }

  @Test
  void shouldRefuseWhatTheModelCannotDo() throws Exception {
    operator.send(Requests.turn("c", "r1").setModel("another"));
    operator.send(
        Requests.turn("c", "r2")
            .setSampling(SamplingOptions.newBuilder().setStopIds(List.of(99_999)).build()));
    operator.send(
        Requests.turn("c", "r3")
            .setSampling(
                SamplingOptions.newBuilder().setMaxNewTokens(TestEngine.MAX_SEQUENCE).build()));
    operator.send(Requests.turn("c", "r4").setModel(TestEngine.MODEL));

    assertThat(operator.deadLetters())
        .extracting(DeadLetter::getStage)
        .containsOnly(DeadLetterStage.VALIDATE);
    assertThat(operator.deadLetters())
        .extracting(DeadLetter::getError)
        .satisfiesExactly(
            e -> assertThat(e).contains("model", "another", TestEngine.MODEL),
            e -> assertThat(e).contains("sampling.stop_ids", "99999"),
            e -> assertThat(e).contains("sampling.max_new_tokens", "400"));
    assertThat(operator.engine.running()).containsExactly("r4");
  }

  @Test
  void shouldMakeAnAnswerThatNoRecordHoldsADeadLetter() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.engine.answer("r1", "y".repeat(RecordSize.KAFKA_DEFAULT));
    operator.deliver();
    operator.answer("r2");

    DeadLetter letter = operator.deadLetters().get(0);
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.EMIT);
    assertThat(letter.getError()).contains("max_new_tokens", "at most " + ((1 << 20) - 4096));
    assertThat(operator.ends()).containsExactly("r2 STOP");
    assertThat(operator.engine.lastPrompt()).doesNotContain("r1", "yyy");
  }

  @Test
  void shouldSurviveABugOfTheEngine() throws Exception {
    operator.send(Requests.turn("c", TestEngine.UNLUCKY));
    operator.send(Requests.turn("c", "r2"));
    operator.deliver();
    operator.advance(backoff);
    operator.advance(2 * backoff);
    operator.answer("r2");

    assertThat(operator.deadLetters().get(0).getStage()).isEqualTo(DeadLetterStage.GENERATE);
    assertThat(operator.ends()).containsExactly("r2 STOP");
  }

  @Test
  void shouldDropWhatAnEngineSaysOfATurnThatHasEnded() throws Exception {
    operator.send(Requests.turn("c", "r1").setStream(true));
    operator.send(Requests.turn("c", "r2"));
    GenerationListener late = operator.engine.listener("r1");
    operator.answer("r1");
    int chunks = operator.chunks().size();

    late.onText(7, "late");
    late.onError(new IllegalArgumentException("late"));
    operator.deliver();
    operator.advance(10 * backoff);

    assertThat(operator.chunks()).hasSize(chunks);
    assertThat(operator.engine.running()).containsExactly("r2");
    operator.answer("r2");
    assertThat(operator.ends()).containsExactly("r1 STOP", "r2 STOP");
  }

  @Test
  void shouldFailTheJobWhereTheEngineIsGone() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.engine.close();

    assertThatThrownBy(() -> operator.send(Requests.turn("d", "r2")))
        .as("a new attempt needs a new engine: no dead letters")
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldKeepTheWaitOfANextTurnWhenAnEarlierOnesTimerFires() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.fail("r1");
    operator.advance(backoff / 2);
    operator.send(Requests.command(RequestKind.CANCEL, "c", "x").setCancelRequestId("r1"));
    operator.fail("r2");
    operator.advance(backoff / 2);
    assertThat(operator.engine.running()).as("this was the timer of r1").isEmpty();
    operator.advance(backoff / 2);
    assertThat(operator.engine.running()).containsExactly("r2");
  }

  @Test
  void shouldCloseTheStreamsOfDeadLetters() throws Exception {
    operator.send(Requests.turn("c", "r1").setStream(true));
    for (int attempt = 0; attempt < options.maxAttempts(); attempt++) {
      operator.engine.text("r1", 0, "begun");
      operator.fail("r1");
      operator.advance(10 * backoff);
    }
    operator.send(tooLong("r2").setStream(true));

    CompletionChunk begun = new CompletionChunk("r1", "c", 0, "begun", false);
    assertThat(operator.chunks())
        .containsExactly(
            begun,
            begun,
            begun,
            new CompletionChunk("r1", "c", Emitter.CUT_SHORT, "", true),
            new CompletionChunk("r2", "c", Emitter.CUT_SHORT, "", true));
  }

  private static io.millrace.schemas.ConversationRequest.Builder tooLong(String id) {
    return Requests.turn("c", id).setText("x".repeat(TestEngine.MAX_SEQUENCE));
  }
}
