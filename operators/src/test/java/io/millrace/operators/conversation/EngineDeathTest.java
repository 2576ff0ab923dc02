package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine dies as a whole: another takes its place, and only who killed it is given up. */
class EngineDeathTest {
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
  void shouldGoOnWithAnotherEngine() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.answer("a1");
    operator.send(Requests.turn("a", "a2"));
    operator.send(Requests.turn("b", "b1"));
    TestEngine dead = operator.engine;
    operator.die();

    assertThat(dead.isClosed()).isTrue();
    assertThat(operator.engine.running()).containsExactlyInAnyOrder("a2", "b1");
    assertThat(operator.engine.lastPrompt()).isNotEmpty();
    operator.answer("a2");
    operator.answer("b1");
    assertThat(operator.ends()).containsExactly("a1 STOP", "a2 STOP", "b1 STOP");
  }

  @Test
  void shouldTryEachSuspectAlone() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.send(Requests.turn("c", "c1"));
    operator.die("a1", "b1");
    assertThat(operator.engine.running()).as("it was not at work on c1").containsExactly("c1");
    operator.advance(backoff);
    assertThat(operator.engine.running()).containsExactly("c1");

    operator.answer("c1");
    assertThat(operator.engine.running()).hasSize(1);
    String first = operator.engine.running().get(0);
    operator.send(Requests.turn("d", "d1"));
    assertThat(operator.engine.running()).containsExactly(first);
    operator.answer(first);
    assertThat(operator.engine.running()).hasSize(1).doesNotContain("d1");
    operator.answer(operator.engine.running().get(0));
    operator.answer("d1");
    assertThat(operator.ends())
        .containsExactlyInAnyOrder("a1 STOP", "b1 STOP", "c1 STOP", "d1 STOP");
  }

  @Test
  void shouldGiveUpTheOneThatKillsEnginesAndNoOther() throws Exception {
    operator.send(Requests.turn("good", "good").setStream(true));
    operator.send(Requests.turn("bad", "bad"));
    operator.send(Requests.turn("bad", "after"));
    operator.die("good", "bad");
    for (int deaths = 1; deaths < options.maxAttempts(); deaths++) {
      operator.advance(10 * backoff);
      if (operator.engine.running().contains("good")) {
        operator.answer("good");
      }
      assertThat(operator.engine.running()).containsExactly("bad");
      operator.die("bad");
    }
    operator.advance(10 * backoff);
    if (!operator.ends().contains("good STOP")) {
      operator.answer("good");
    }
    operator.answer("after");

    assertThat(operator.ends()).containsExactlyInAnyOrder("good STOP", "after STOP");
    assertThat(operator.deadLetters()).hasSize(1);
    DeadLetter letter = operator.deadLetters().get(0);
    assertThat(letter.getRequestId()).isEqualTo("bad");
    assertThat(letter.getStage()).isEqualTo(DeadLetterStage.GENERATE);
    assertThat(letter.getError()).contains("failed 3 times", "on purpose");
  }

  @Test
  void shouldNotGiveUpWhoWasNeverAlone() throws Exception {
    operator.close();
    operator =
        OperatorHarness.start(
            new ConversationOptions(
                options.maxBuffered(),
                options.maxBufferedBytes(),
                options.idleTimeout(),
                options.rememberedRequests(),
                1,
                options.retryBackoff(),
                options.sampling()));
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.die("a1", "b1");
    assertThat(operator.deadLetters()).isEmpty();
    operator.advance(backoff);
    String first = operator.engine.running().get(0);
    operator.die(first);
    operator.advance(backoff);

    assertThat(operator.deadLetters()).extracting(DeadLetter::getRequestId).containsExactly(first);
    operator.answer(first.equals("a1") ? "b1" : "a1");
    assertThat(operator.ends()).hasSize(1);
  }

  @Test
  void shouldRememberSuspectsAndAttemptsInItsState() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.die("a1", "b1");
    var state = operator.snapshot();
    operator.close();

    operator = OperatorHarness.restore(options, state, 1, 0);
    assertThat(operator.engine.running()).as("one of two, alone").hasSize(1);
    String first = operator.engine.running().get(0);
    operator.die(first);
    operator.advance(10 * backoff);
    operator.answer(first.equals("a1") ? "b1" : "a1");
    assertThat(operator.engine.running()).containsExactly(first);
    operator.die(first);
    assertThat(operator.deadLetters()).extracting(DeadLetter::getRequestId).containsExactly(first);
  }

  @Test
  void shouldMoveWhatWaitsForAPlaceToTheNextEngine() throws Exception {
    operator.close();
    operator = OperatorHarness.start(options, new TestEngine(1));
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.send(Requests.turn("c", "c1"));
    operator.die();
    assertThat(operator.engine.running()).containsExactlyInAnyOrder("a1", "b1", "c1");
  }

  @Test
  void shouldLetATaskHearOfTheDeathThatOnlyWaitsForAPlace() throws Exception {
    operator.close();
    TestEngine shared = new TestEngine(1);
    operator = OperatorHarness.start(options, shared);
    try (OperatorHarness other = OperatorHarness.start(options, shared)) {
      operator.send(Requests.turn("a", "a1"));
      operator.send(Requests.turn("b", "b1"));
      operator.send(Requests.turn("c", "c1"));
      other.send(Requests.turn("d", "d1"));
      assertThat(shared.admission().waiting()).isEqualTo(3);
      operator.die();
      other.engine = operator.engine;
      other.deliver();
      assertThat(operator.engine.running()).containsExactlyInAnyOrder("a1", "b1", "c1", "d1");
    }
  }

  @Test
  void shouldBlameNoRequestWhereEveryEngineDies() throws Exception {
    for (int i = 0; i < 20; i++) {
      operator.send(Requests.turn("c" + i, "r" + i));
    }
    assertThatThrownBy(
            () -> {
              for (int deaths = 0; deaths < 20; deaths++) {
                operator.die(operator.engine.running().toArray(String[]::new));
                operator.advance(1000 * backoff);
              }
            })
        .hasMessageContaining("no single request is to blame");
    assertThat(operator.deadLetters()).hasSizeLessThan(5);
  }
}
