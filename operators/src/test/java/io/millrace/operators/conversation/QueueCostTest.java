package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.Requests;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;
import java.time.Instant;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a deadline or a CANCEL costs does not depend on how much waits in the conversation. */
class QueueCostTest {
  private static final int SHORT = 3;
  private static final int LONG = 200;
  private final ConversationOptions options = ConversationOptions.defaults();
  private OperatorHarness operator;

  private interface Action {
    void run() throws Exception;
  }

  @BeforeEach
  void start() throws Exception {
    operator = OperatorHarness.start(options);
    operator.send(Requests.turn("short", "short head"));
    operator.send(Requests.turn("long", "long head"));
  }

  @AfterEach
  void stop() throws Exception {
    operator.close();
  }

  @Test
  void shouldJudgeADeadlineAlone() throws Exception {
    long now = operator.now();
    queue("short", SHORT);
    operator.send(Requests.turn("short", "s").setDeadline(Instant.ofEpochMilli(now + 10)));
    for (int i = 0; i < LONG; i++) {
      Instant deadline = Instant.ofEpochMilli(now + 20 + i);
      operator.send(Requests.turn("long", "long " + i).setDeadline(deadline));
    }

    long few = cost(() -> operator.advance(10));
    long many = cost(() -> operator.advance(10));

    assertThat(operator.ends()).containsExactly("s DEADLINE", "long 0 DEADLINE");
    assertThat(many).isEqualTo(few);
    assertThat(cost(() -> operator.advance(LONG)))
        .as("each deadline reads its own request")
        .isEqualTo((LONG - 1) * few);
  }

  @Test
  void shouldFindTheRequestToCancelWithoutReadingTheOthers() throws Exception {
    queue("short", SHORT);
    queue("long", LONG);
    assertCancels();
  }

  @Test
  void shouldFindTheRequestToCancelAfterARestoreToo() throws Exception {
    queue("short", SHORT);
    queue("long", LONG);
    OperatorSubtaskState state = operator.snapshot();
    operator.close();
    operator = OperatorHarness.restore(options, state, 1, 0);
    assertCancels();
  }

  private void assertCancels() throws Exception {
    assertThat(cost(() -> cancel("long", "another")))
        .isEqualTo(cost(() -> cancel("short", "none")));
    assertThat(cost(() -> cancel("long", "long 2")))
        .isEqualTo(cost(() -> cancel("short", "short 2")));
    assertThat(operator.ends()).contains("long 2 CANCELLED", "short 2 CANCELLED").hasSize(6);
    assertThat(cost(() -> cancel("long", "long 2"))).as("it has ended").isZero();
  }

  @Test
  void shouldNotReadThroughWhatWasCancelledBefore() throws Exception {
    long first = cost(this::sendAndCancelAll);
    for (int i = 0; i < LONG; i++) {
      sendAndCancelAll();
    }

    assertThat(cost(this::sendAndCancelAll)).isEqualTo(first);
  }

  @Test
  void shouldCancelEachOfTwoRequestsWithOneId() throws Exception {
    operator.send(Requests.turn("long", "twice"));
    queue("long", options.rememberedRequests());
    operator.send(Requests.turn("long", "twice"));
    cancel("long", "twice");
    assertThat(operator.ends())
        .containsExactly("twice CANCELLED", "twice CANCELLED", "cancel 0 CANCELLED");
  }

  private void queue(String conversation, int requests) throws Exception {
    for (int i = 0; i < requests; i++) {
      operator.send(Requests.turn(conversation, conversation + " " + i));
    }
  }

  private void sendAndCancelAll() throws Exception {
    operator.send(Requests.turn("long", "next " + operator.ends().size()));
    cancel("long", null);
  }

  private void cancel(String conversation, String id) throws Exception {
    ConversationRequest.Builder cancel =
        Requests.command(RequestKind.CANCEL, conversation, "cancel " + operator.ends().size());
    operator.send(cancel.setCancelRequestId(id));
  }

  private long cost(Action action) throws Exception {
    long before = operator.state.accesses("inbox");
    action.run();
    return operator.state.accesses("inbox") - before;
  }
}
