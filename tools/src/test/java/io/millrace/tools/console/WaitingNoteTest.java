package io.millrace.tools.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.job.config.MillraceConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitingNoteTest {
  private final StringWriter said = new StringWriter();

  @Test
  void shouldSayWhatItWaitsFor() {
    try (WaitingNote note =
        WaitingNote.forKafka(new PrintWriter(said), MillraceConfig.defaults(), 1)) {
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(said.toString())
                      .isEqualTo(
                          "Waiting for an answer from Kafka at localhost:9092 ..."
                              + System.lineSeparator()));
    }
  }

  @Test
  void shouldSayNothingAfterItsEnd() {
    WaitingNote.forKafka(new PrintWriter(said), MillraceConfig.defaults()).close();

    assertThat(said.toString()).isEmpty();
  }
}
