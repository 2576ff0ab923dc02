package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.RequestKind;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that end before the model has finished with them. */
class CancelAndDeadlineTest {
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
  void shouldCancelWhatIsQueuedAndRunning() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.send(Requests.turn("d", "other"));
    operator.send(Requests.command(RequestKind.CANCEL, "c", "cancel"));
    operator.deliver();

    assertThat(operator.ends())
        .containsExactlyInAnyOrder("r1 CANCELLED", "r2 CANCELLED", "cancel CANCELLED");
    assertThat(operator.completions())
        .filteredOn(c -> c.getRequestId().equals("r1"))
        .extracting(Completion::getText)
        .as("what was generated so far")
        .containsExactly("partial");
    assertThat(operator.completions())
        .filteredOn(c -> c.getRequestId().equals("cancel"))
        .extracting(Completion::getTurn)
        .containsExactly(0);
    assertThat(operator.engine.running()).containsExactly("other");

    operator.send(Requests.turn("c", "r3"));
    assertThat(operator.engine.lastPrompt()).contains("r3").doesNotContain("r1", "partial");
  }

  @Test
  void shouldCancelOneRequest() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.turn("c", "r2"));
    operator.send(Requests.turn("c", "r3"));
    operator.send(Requests.command(RequestKind.CANCEL, "c", "cancel").setCancelRequestId("r2"));
    operator.deliver();
    assertThat(operator.ends()).containsExactly("r2 CANCELLED", "cancel CANCELLED");

    operator.answer("r1");
    operator.answer("r3");

    assertThat(operator.ends().subList(2, 4)).containsExactly("r1 STOP", "r3 STOP");
    assertThat(operator.engine.lastPrompt()).contains("r1").doesNotContain("r2");
  }

  @Test
  void shouldKeepNoTimerOfADeadlineThatWasMet() throws Exception {
    operator.send(Requests.turn("c", "r0"));
    int idleOnly = operator.flink.numProcessingTimeTimers();
    Instant far = Instant.parse("9999-01-01T00:00:00Z");
    operator.send(Requests.turn("c", "r1").setDeadline(far));
    operator.send(Requests.turn("c", "r2").setDeadline(far));
    assertThat(operator.flink.numProcessingTimeTimers()).isEqualTo(idleOnly + 2);

    operator.answer("r0");
    operator.answer("r1");
    assertThat(operator.flink.numProcessingTimeTimers()).as("r2 waits").isEqualTo(idleOnly + 1);
    operator.answer("r2");

    assertThat(operator.flink.numProcessingTimeTimers()).isEqualTo(idleOnly);
  }

  @Test
  void shouldConfirmACancelOfNothing() throws Exception {
    operator.send(Requests.command(RequestKind.CANCEL, "c", "cancel"));

    assertThat(operator.ends()).containsExactly("cancel CANCELLED");
  }

  @Test
  void shouldNotGenerateAgainWhatWasCancelledBeforeAFailure() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(Requests.command(RequestKind.CANCEL, "c", "cancel"));
    var state = operator.snapshot();
    operator.close();

    operator = OperatorHarness.restore(ConversationOptions.defaults(), state, 1, 0);

    assertThat(operator.engine.seen()).isEmpty();
    assertThat(operator.ends()).containsExactly("r1 CANCELLED");
  }

  @Test
  void shouldNotStartWhatHasExpiredOnArrival() throws Exception {
    operator.send(turn("r1", 0));

    assertThat(operator.ends()).containsExactly("r1 DEADLINE");
    assertThat(operator.engine.seen()).isEmpty();
  }

  @Test
  void shouldJudgeADeadlineOnArrivalBehindOthersToo() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(turn("r2", -1));
    assertThat(operator.ends()).containsExactly("r2 DEADLINE");
    operator.answer("r1");
    assertThat(operator.engine.seen()).hasSize(1);
  }

  @Test
  void shouldJudgeADeadlineWhenAPlaceIsThere() throws Exception {
    operator.close();
    operator = OperatorHarness.start(ConversationOptions.defaults(), new TestEngine(1));
    operator.send(Requests.turn("a", "a1"));
    operator.send(turn("r1", 500));
    operator.send(Requests.turn("c", "r2"));
    // The place comes in the same moment as the deadline, before its timer.
    operator.engine.answer("a1");
    operator.flink.setProcessingTime(operator.now() + 500);
    operator.deliver();
    assertThat(operator.ends()).containsExactlyInAnyOrder("a1 STOP", "r1 DEADLINE");
    assertThat(operator.engine.running()).containsExactly("r2");
  }

  @Test
  void shouldLeaveNoPlaceToWhatIsCancelledWhileItWaitsForOne() throws Exception {
    operator.close();
    operator = OperatorHarness.start(ConversationOptions.defaults(), new TestEngine(1));
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.send(Requests.turn("b", "b2").setPriority(-5));
    operator.send(Requests.turn("c", "c1").setPriority(-1));
    operator.send(Requests.command(RequestKind.CANCEL, "b", "x").setCancelRequestId("b1"));
    operator.answer("a1");
    assertThat(operator.engine.running())
        .as("b waits with the priority of b2")
        .containsExactly("c1");
    operator.answer("c1");
    assertThat(operator.engine.running()).containsExactly("b2");
  }

  @Test
  void shouldCloseAStreamThatWasCutShortAboveAllThatWasSent() throws Exception {
    operator.send(Requests.turn("c", "r1").setStream(true));
    operator.engine.text("r1", 0, "part");
    operator.send(Requests.command(RequestKind.CANCEL, "c", "x"));
    operator.deliver();
    assertThat(operator.chunks())
        .containsExactly(
            new CompletionChunk("r1", "c", 0, "part", false),
            new CompletionChunk("r1", "c", Emitter.CUT_SHORT, "", true));
  }

  @Test
  void shouldEndAQueuedRequestAtItsDeadline() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(turn("r2", 500).setStream(true));
    operator.send(turn("r3", 5000));
    operator.advance(499);
    assertThat(operator.ends()).isEmpty();

    operator.advance(1);
    assertThat(operator.ends()).containsExactly("r2 DEADLINE");
    assertThat(operator.chunks())
        .containsExactly(new CompletionChunk("r2", "c", Emitter.CUT_SHORT, "", true));

    operator.answer("r1");
    assertThat(operator.engine.running()).containsExactly("r3");
    assertThat(operator.engine.seen().get(1).deadlineEpochMillis())
        .as("the engine watches the deadline of what runs")
        .isEqualTo(operator.now() + 4500);
  }

  @Test
  void shouldEndAQueuedRequestByItsTimerThoughTheClockIsSetBack() throws Exception {
    operator.send(Requests.turn("c", "r1"));
    operator.send(turn("r2", 500));
    operator.send(turn("r3", 5000));
    operator.setClockBack(3_600_000);

    operator.advance(500);

    assertThat(operator.ends()).containsExactly("r2 DEADLINE");
    operator.answer("r1");
    assertThat(operator.engine.running()).containsExactly("r3");
  }

  @Test
  void shouldLeaveTheDeadlineOfARunningTurnToTheEngine() throws Exception {
    operator.send(turn("r1", 500));
    operator.advance(1000);
    assertThat(operator.ends()).isEmpty();

    operator.engine.finish("r1", io.millrace.engine.FinishReason.DEADLINE);
    operator.deliver();

    assertThat(operator.ends()).containsExactly("r1 DEADLINE");
  }

  private io.millrace.schemas.ConversationRequest.Builder turn(String id, long untilDeadline) {
    return Requests.turn("c", id).setDeadline(Instant.ofEpochMilli(operator.now() + untilDeadline));
  }
}
