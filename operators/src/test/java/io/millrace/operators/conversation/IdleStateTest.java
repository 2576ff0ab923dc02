package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.chat.Message;
import io.millrace.engine.chat.Role;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import java.util.List;
import org.apache.flink.runtime.state.StateObject;
import org.junit.jupiter.api.Test;

/** What a snapshot holds of a conversation that waits for nothing: its tokens, and little else. */
class IdleStateTest {
  private static final int CONVERSATIONS = 400;
  private static final int TURNS = 8;

  /** A token is an int. */
  private static final int TOKEN_BYTES = 4;

  /** Of each remembered request: 128 bits of its id, 64 of its content. */
  private static final int REQUEST_BYTES = 24;

  @Test
  void shouldHoldLittleMoreThanTheTokens() throws Exception {
    try (OperatorHarness operator = OperatorHarness.start(ConversationOptions.defaults())) {
      long empty = stateBytes(operator);
      for (int c = 0; c < CONVERSATIONS; c++) {
        for (int turn = 0; turn < TURNS; turn++) {
          String id = "conversation-%06d-request-%03d".formatted(c, turn);
          operator.send(Requests.turn("conversation-%06d".formatted(c), id).setSystem("Be brief."));
          operator.answer(id);
        }
      }
      long tokens = tokens(operator.engine);
      long bytes = (stateBytes(operator) - empty) / CONVERSATIONS;
      System.out.printf(
          "An idle conversation of %d turns and %d tokens takes %d bytes of a snapshot.%n",
          TURNS, tokens, bytes);

      long known = TOKEN_BYTES * tokens + REQUEST_BYTES * TURNS;
      assertThat(bytes).isBetween(known, known + 500);
    }
  }

  /** The system message, and each turn's question and answer. */
  private static long tokens(TestEngine engine) {
    ChatFormat format = engine.chatFormat();
    long tokens = format.system("Be brief.").length;
    for (var request : engine.seen().subList(0, TURNS)) {
      Message question = new Message(Role.USER, "text of " + request.id());
      tokens += format.query(List.of(question)).length;
      tokens += TestEngine.answerTo(request.prompt()).length();
    }
    return tokens;
  }

  private static long stateBytes(OperatorHarness operator) throws Exception {
    var snapshot = operator.snapshot();
    return snapshot.getManagedKeyedState().stream().mapToLong(StateObject::getStateSize).sum()
        + snapshot.getRawKeyedState().stream().mapToLong(StateObject::getStateSize).sum();
  }
}
