package io.millrace.tools.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SummaryViewTest {
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
