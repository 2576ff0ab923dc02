package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.CapturedLog;
import io.millrace.operators.testing.Requests;
import org.junit.jupiter.api.Test;

/** Ids that their sender chose forge no line of the log and steer no terminal. */
class ConversationLogTest {
  private static final String HOSTILE = "\r\n2026 ERROR forged\u001b[2J\u202e";

  @Test
  void shouldWriteOutIdsWhateverFails() throws Exception {
    ConversationOptions options = ConversationOptions.defaults();
    try (CapturedLog log = new CapturedLog();
        OperatorHarness operator = OperatorHarness.start(options)) {
      operator.send(
          Requests.turn("c" + HOSTILE, "r" + HOSTILE).setTenant(HOSTILE).setModel(HOSTILE));
      operator.send(Requests.turn("c" + HOSTILE, "long" + HOSTILE).setText("x".repeat(1000)));
      assertThat(operator.deadLetters()).hasSize(2);

      operator.send(Requests.turn("c" + HOSTILE, "again" + HOSTILE).setTenant(HOSTILE));
      operator.die();
      assertThat(log.texts()).anyMatch(text -> text.contains("goes to another engine"));
      for (int attempt = 1; attempt <= options.maxAttempts(); attempt++) {
        operator.fail(operator.engine.running().get(0));
        operator.advance(1_000_000);
      }

      assertThat(operator.deadLetters()).hasSize(3);
      assertThat(log.texts())
          .anyMatch(text -> text.contains("Attempt") && text.contains("again\\u000d\\u000a2026"))
          .noneMatch(text -> text.codePoints().anyMatch(c -> c == 0x1b || c == 0x202e))
          .noneMatch(text -> text.contains("\n2026"));
    }
  }
}
