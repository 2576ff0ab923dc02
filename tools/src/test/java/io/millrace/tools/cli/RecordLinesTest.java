package io.millrace.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Completion;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.Timings;
import io.millrace.schemas.TrustedRecords;
import io.millrace.schemas.Usage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecordLinesTest {

  @BeforeAll
  static void trust() {
    TrustedRecords.register();
  }

  @Test
  void shouldShowAnAnswer() {
    assertThat(RecordLines.completion(completion(2, "Ada.\n", FinishReason.STOP)))
        .isEqualTo("c turn 2 (r): Ada.\\n  [STOP, 3 of 9 prompt tokens cached, 4 generated]");
  }

  @Test
  void shouldShowAnEmptyAnswerWithoutAGap() {
    assertThat(RecordLines.completion(completion(2, "", FinishReason.DEADLINE)))
        .isEqualTo("c turn 2 (r): [DEADLINE, 3 of 9 prompt tokens cached, 4 generated]");
  }

  @Test
  void shouldShowAConfirmation() {
    assertThat(RecordLines.completion(completion(0, "", FinishReason.RESET)))
        .isEqualTo("c (r): [RESET]");
  }

  private static Completion completion(int turn, String text, FinishReason reason) {
    return Completion.newBuilder()
        .setConversationId("c")
        .setRequestId("r")
        .setTurn(turn)
        .setText(text)
        .setFinishReason(reason)
        .setUsage(
            Usage.newBuilder().setPromptTokens(9).setCachedTokens(3).setCompletionTokens(4).build())
        .setTimings(new Timings(0.0, 0.0, 0.0))
        .setModel("m")
        .setModelFingerprint("f")
        .build();
  }
}
