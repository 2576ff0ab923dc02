package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bounds on what is held, the end of the input, and watermarks. */
@Timeout(60)
class BackpressureTest {
  private static final ConversationOptions SMALL =
      new ConversationOptions(
          3,
          64 << 20,
          Duration.ofHours(1),
          3,
          3,
          Duration.ofMillis(200),
          SamplingDefaults.standard());
  private static final long BIG = Requests.source(big("a", "a1").build()).bytes();
  private OperatorHarness operator;

  @BeforeEach
  void start() throws Exception {
    operator = OperatorHarness.start(SMALL, new TestEngine(2));
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
  }

  @Test
  void shouldBoundWhatIsInFlight() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("b", "b1"));
    operator.send(Requests.turn("c", "c1"));
    assertThat(operator.engine.running()).containsExactly("a1", "b1");

    operator.answer("b1");
    assertThat(operator.engine.running()).containsExactly("a1", "c1");
  }

  @Test
  void shouldStopReadingWhileTheBufferIsFullAndKeepEachKeysState() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("a", "a2"));
    operator.send(Requests.turn("b", "b1"));
    assertThat(operator.flow.isOpen()).as("three are held").isFalse();
    // What was under way by then is taken without waiting.
    operator.send(Requests.turn("c", "c1"));
    assertThat(operator.ends()).isEmpty();

    operator.answer("a1");
    assertThat(operator.flow.isOpen()).as("three again").isFalse();
    assertThat(operator.ends()).containsExactly("a1 STOP");
    operator.answer("b1");
    assertThat(operator.flow.isOpen()).isTrue();
    assertThat(operator.engine.running()).containsExactly("c1", "a2");
    operator.answer("c1");
    operator.answer("a2");
    assertThat(operator.completions())
        .extracting(Completion::getConversationId)
        .containsExactly("a", "b", "c", "a");
    assertThat(operator.completions().get(2).getTurn()).isEqualTo(1);
  }

  @Test
  void shouldStopReadingAtTheBytesHeldToo() throws Exception {
    restart(bounded(2 * BIG + 100), null);
    operator.send(big("a", "a1"));
    operator.send(big("b", "b1"));
    assertThat(operator.flow.isOpen()).as("there is room for the rest of the bytes").isTrue();
    operator.send(
        Requests.turn("d", "d1").setText("short").setMetadata(Map.of("k", "x".repeat(200))));
    assertThat(operator.flow.isOpen()).isFalse();

    operator.send(big("c", "c1"));
    operator.answer("a1");
    assertThat(operator.flow.isOpen()).as("as much is held again").isFalse();
    assertThat(operator.engine.running()).containsExactly("b1", "d1");
    operator.answerAll();
    assertThat(operator.flow.isOpen()).as("all that ended made room").isTrue();
    operator.send(big("e", "e1"));
    assertThat(operator.flow.isOpen()).isTrue();
    operator.send(big("f", "f1"));
    assertThat(operator.engine.running()).contains("e1", "f1");
  }

  @Test
  void shouldCountTheBytesOfWhatIsRestored() throws Exception {
    operator.send(big("a", "a1"));
    operator.send(big("a", "a2"));
    restart(bounded(BIG), operator.snapshot());
    assertThat(operator.flow.isOpen()).isFalse();
    operator.answer("a1");
    assertThat(operator.flow.isOpen()).as("one of two").isFalse();
    operator.answer("a2");
    assertThat(operator.flow.isOpen()).isTrue();
    assertThat(operator.ends()).containsExactly("a1 STOP", "a2 STOP");
  }

  @Test
  void shouldReadNothingBesideALongerRecordThanAllMayBeTogether() throws Exception {
    restart(bounded(10), null);
    assertThat(operator.flow.isOpen()).isTrue();
    operator.send(big("a", "a1"));
    assertThat(operator.engine.running()).containsExactly("a1");
    assertThat(operator.flow.isOpen()).isFalse();
    operator.answer("a1");
    assertThat(operator.flow.isOpen()).isTrue();
  }

  private void restart(ConversationOptions options, OperatorSubtaskState state) throws Exception {
    operator.close();
    operator = OperatorHarness.restore(options, state, 1, 0, new TestEngine(2));
  }

  private static ConversationOptions bounded(long bytes) {
    return new ConversationOptions(
        100, bytes, Duration.ofHours(1), 3, 3, Duration.ofMillis(200), SamplingDefaults.standard());
  }

  private static ConversationRequest.Builder big(String conversation, String id) {
    return Requests.turn(conversation, id).setMetadata(Map.of("k", "x".repeat(1000)));
  }

  @Test
  void shouldLetACancelAndWhatIsLateThroughThoughTheBufferIsFull() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("a", "a2"));
    operator.send(Requests.turn("a", "a3"));

    operator.send(Requests.turn("b", "late").setDeadline(Instant.ofEpochMilli(operator.now())));
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.command(RequestKind.CANCEL, "a", "x"));

    assertThat(operator.ends())
        .containsExactly("late DEADLINE", "a2 CANCELLED", "a3 CANCELLED", "x CANCELLED");
    operator.deliver();
    assertThat(operator.ends()).endsWith("a1 CANCELLED");
  }

  @Test
  void shouldStartAHigherPriorityAndAnotherTenantThoughAllPlacesAreTaken() throws Exception {
    operator.close();
    operator = OperatorHarness.start(ConversationOptions.defaults(), new TestEngine(2));
    for (int i = 0; i < 50; i++) {
      operator.send(Requests.turn("flood " + i, "flood " + i).setTenant("flood"));
    }
    operator.send(Requests.turn("a", "calm").setTenant("calm"));
    operator.send(Requests.turn("b", "urgent").setTenant("flood").setPriority(1));
    assertThat(operator.engine.running()).containsExactly("flood 0", "flood 1", "calm", "urgent");
    assertThat(operator.engine.seen().get(2).tenant()).isEqualTo("calm");
    assertThat(operator.engine.seen().get(3).priority()).isEqualTo(1);
  }

  @Test
  void shouldShareTheEnginesPlacesBetweenTasks() throws Exception {
    TestEngine shared = operator.engine;
    OperatorHarness other = OperatorHarness.start(SMALL, shared);
    operator.send(Requests.turn("a", "a1"));
    other.send(Requests.turn("b", "b1"));
    other.send(Requests.turn("c", "c1"));
    operator.send(Requests.turn("d", "d1"));
    assertThat(shared.running()).containsExactly("a1", "b1");

    operator.answer("a1");
    other.deliver();
    assertThat(shared.running()).as("the other task's came first").containsExactly("b1", "c1");
    other.answer("b1");
    operator.deliver();
    assertThat(shared.running()).containsExactly("c1", "d1");

    operator.send(Requests.turn("e", "e1"));
    assertThat(shared.admission().waiting()).isEqualTo(1);
    other.close();
    assertThat(shared.admission().waiting()).as("a task that ends leaves its places").isZero();
  }

  @Test
  void shouldAnswerEverythingBeforeTheInputEnds() throws Exception {
    operator.send(Requests.turn("a", "a1"));
    operator.send(Requests.turn("a", "a2"));
    operator.send(Requests.turn("b", "b1"));
    Thread engine =
        new Thread(
            () -> {
              for (String id : new String[] {"a1", "b1", "a2"}) {
                await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> operator.engine.running().contains(id));
                operator.engine.answer(id);
              }
            });
    engine.start();

    operator.flink.endInput();
    engine.join();

    assertThat(operator.ends()).containsExactlyInAnyOrder("a1 STOP", "b1 STOP", "a2 STOP");
  }

  @Test
  void shouldRememberARequestThatCameAgainAfterItsDeadLetter() throws Exception {
    operator.send(Requests.turn("c", "r1").setText("hostile"));
    operator.send(Requests.command(RequestKind.RESET, "c", "r1"));
    operator.send(Requests.command(RequestKind.RESET, "c", "r2"));
    operator.send(Requests.command(RequestKind.RESET, "c", "r3"));

    operator.send(Requests.command(RequestKind.RESET, "c", "r1"));

    assertThat(operator.ends()).containsExactly("r1 RESET", "r2 RESET", "r3 RESET");
  }

  @Test
  void shouldHoldWatermarksBehindTheOldestRequest() throws Exception {
    operator.send(Requests.turn("a", "a1"), 100);
    operator.send(Requests.turn("b", "b1"), 200);
    operator.flink.processWatermark(150);
    operator.flink.processWatermark(250);
    assertThat(operator.watermarks()).containsExactly(99L);

    operator.answer("b1");
    assertThat(operator.watermarks()).containsExactly(99L);
    operator.answer("a1");
    assertThat(operator.watermarks()).containsExactly(99L, 250L);
  }
}
