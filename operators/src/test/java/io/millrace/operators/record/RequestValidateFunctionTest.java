package io.millrace.operators.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.Requests;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import java.util.List;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class RequestValidateFunctionTest {

  @Test
  void shouldTurnBadRecordsBetweenGoodOnesIntoDeadLetters() throws Exception {
    SourceRecord bad =
        new SourceRecord(null, "not Avro", null, new byte[] {7}, "requests", 1, 2, "00-trace");
    SourceRecord tombstone =
        new SourceRecord(null, "no value", new byte[] {1}, null, "requests", 1, 3, null);
    SourceRecord invalid = Requests.source(Requests.turn("c", "blank").setText(" ").build());
    SourceRecord good1 = Requests.source(Requests.turn("c", "r1").build());
    SourceRecord good2 = Requests.source(Requests.turn("c", "r2").build());

    var gate = new RequestValidateFunction(new RequestValidator(SamplingDefaults.standard()));
    try (var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(gate))) {
      harness.open();
      for (SourceRecord record : List.of(good1, bad, tombstone, invalid, good2)) {
        harness.processElement(new StreamRecord<>(record));
      }

      assertThat(harness.extractOutputValues())
          .extracting(s -> s.request().getRequestId())
          .containsExactly("r1", "r2");
      List<DeadLetter> letters =
          harness.getSideOutput(Outputs.DEAD_LETTERS).stream()
              .map(r -> r.getValue().record())
              .toList();
      assertThat(letters)
          .extracting(DeadLetter::getStage)
          .containsExactly(
              DeadLetterStage.DECODE, DeadLetterStage.DECODE, DeadLetterStage.VALIDATE);
      assertThat(letters.get(0).getOriginal().array()).containsExactly(7);
      assertThat(letters.get(0).getConversationId()).isNull();
      assertThat(letters.get(0).getOffset()).isEqualTo(2);
      assertThat(letters.get(1).getOriginal()).isNull();
      assertThat(letters.get(1).getOriginalKey().array()).containsExactly(1);
      assertThat(letters.get(2).getRequestId()).isEqualTo("blank");
      assertThat(letters.get(2).getError()).contains("text is blank");
    }
  }
}
