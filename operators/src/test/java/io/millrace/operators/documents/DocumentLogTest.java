package io.millrace.operators.documents;

import static io.millrace.operators.documents.DocumentHarness.ATTEMPTS;
import static io.millrace.operators.documents.DocumentHarness.paragraphs;
import static io.millrace.operators.documents.DocumentHarness.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.testing.CapturedLog;
import io.millrace.schemas.DeadLetter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An id that its sender chose forges no line of the log and steers no terminal. */
class DocumentLogTest {
  private static final String ID = "a\r\n2026 ERROR forged\u001b[2J\u202e";
  private static final String WRITTEN_OUT = "a\\u000d\\u000a2026 ERROR forged\\u001b[2J\\u202e";

  @Test
  void shouldWriteOutIdsWhateverFails() throws Exception {
    DocumentOptions options = DocumentHarness.options(SummaryStrategy.MAP_REDUCE);
    try (CapturedLog log = new CapturedLog();
        DocumentHarness documents = DocumentHarness.start(options)) {
      documents.send(request(ID, paragraphs(2)));
      List<String> units = documents.engine.running();
      assertThat(units).hasSize(2).allMatch(unit -> unit.startsWith(WRITTEN_OUT));
      documents.die();
      assertThat(log.texts()).anyMatch(text -> text.contains("goes to another engine"));
      units.forEach(unit -> documents.engine.answer(unit, "x".repeat(200)));
      documents.deliver();
      assertThat(log.texts()).anyMatch(text -> text.contains("cannot be combined"));

      documents.send(request(ID, paragraphs(1)));
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        documents.fail(documents.engine.running().get(0));
        documents.advance(1_000_000);
      }
      assertThat(log.texts()).anyMatch(text -> text.contains("Attempt " + ATTEMPTS));

      assertThat(documents.deadLetters())
          .hasSize(2)
          .extracting(DeadLetter::getRequestId)
          .containsOnly(ID);
      assertThat(log.texts())
          .anyMatch(text -> text.contains(WRITTEN_OUT.substring(0, 30)))
          .noneMatch(text -> text.codePoints().anyMatch(c -> c == 0x1b || c == 0x202e))
          .noneMatch(text -> text.contains("\n2026"));
    }
  }
}
