package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.Requests;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.PositionLogprobs;
import io.millrace.schemas.Timings;
import io.millrace.schemas.TokenLogprob;
import io.millrace.schemas.Usage;
import io.millrace.schemas.wire.WireEncoder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What leaves the operators is never longer than what Kafka takes. */
class RecordSizeTest {
  private static final TokenLogprob LONGEST = new TokenLogprob(Integer.MAX_VALUE, -1f);

  @Test
  void shouldWriteADeadLetterOfWhateverIsRead() {
    String huge = "字".repeat(RecordSize.DEFAULT_MAX_REQUEST / 3);
    ConversationRequest request = Requests.turn(huge, huge).build();
    SourceRecord source =
        new SourceRecord(
            request,
            null,
            null,
            new byte[RecordSize.DEFAULT_MAX_REQUEST],
            "t".repeat(249),
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            null);

    DeadLetter letter =
        DeadLetters.of(source, DeadLetterStage.VALIDATE, "model is \"" + huge + "\"").record();

    assertThat(letter.getOriginal().remaining()).isEqualTo(RecordSize.DEFAULT_MAX_REQUEST);
    assertThat(letter.getError()).startsWith("model is \"字").endsWith("..");
    assertThat(letter.getConversationId()).isNull();
    assertThat(WireEncoder.of(DeadLetter.class).encode(letter).length)
        .isLessThan(RecordSize.KAFKA_DEFAULT - 4096);
  }

  @Test
  void shouldNeverCallACompletionShorterThanItIs() {
    for (int positions : new int[] {0, 1, 100, 900, 5000}) {
      Completion completion =
          Completion.newBuilder()
              .setRequestId("会".repeat(256))
              .setConversationId("会".repeat(256))
              .setTurn(Integer.MAX_VALUE)
              .setText("会".repeat(positions))
              .setFinishReason(FinishReason.STOP)
              .setUsage(new Usage(1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30, 1 << 30))
              .setTimings(new Timings(1.0, 1.0, 1.0))
              .setModel("m".repeat(200))
              .setModelFingerprint("f".repeat(64))
              .setMetadata(Map.of("k", "v".repeat((16 << 10) - 1)))
              .setLogprobs(
                  Collections.nCopies(
                      positions,
                      new PositionLogprobs(
                          LONGEST,
                          Collections.nCopies(64, LONGEST),
                          positions % 2 == 0 ? List.of() : List.of(LONGEST))))
              .build();

      assertThat(RecordSize.of(completion))
          .as("%d positions", positions)
          .isGreaterThanOrEqualTo(WireEncoder.of(Completion.class).encode(completion).length);
    }
  }
}
