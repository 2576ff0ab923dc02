package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.StrictJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SummaryViewTest {
  @Test
  void shouldNameThePagesThatTheSummaryLacks() {
    StringWriter said = new StringWriter();
    SummaryView view = new SummaryView(new PrintWriter(said), false, 3, 0);
    view.finished("a.pdf", StrictJson.parse("{\"text\":\"x\",\"pages_without_text\":[2,5]}"));
    view.finished("b.pdf", StrictJson.parse("{\"text\":\"x\",\"pages_without_text\":[]}"));
    view.finished("c.pdf", StrictJson.parse("{\"document_id\":\"c.pdf\",\"error\":\"why\"}"));
    assertThat(said.toString().lines())
        .containsSubsequence(
            "done   a.pdf, but text is missing on pages 2, 5", "done   b.pdf", "failed c.pdf");
  }

  @Test
  void shouldCountOnlyWhatIsAnsweredInThisRun() {
    SummaryView view = new SummaryView(new PrintWriter(new StringWriter()), false, 2, 1);
    view.progress("resumed", 0, 3, 5);
    view.progress("resumed", 0, 4, 5);
    view.progress("resumed", 0, 5, 5);
    view.progress("resumed", 1, 1, 3);
    view.progress("resumed", 1, 2, 3);
    assertThat(view.prompts()).isEqualTo(3);
    view.progress("resumed", 1, 0, 3);
    assertThat(view.prompts()).as("a restart tells again").isEqualTo(3);
  }
}
