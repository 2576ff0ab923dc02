package io.millrace.tools.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveAreaTest {

  private static final String UP = "\033[A\r\033[K";

  private final StringWriter out = new StringWriter();

  @Test
  void shouldGiveAFileLinesOnly() {
    LiveArea area = new LiveArea(new PrintWriter(out), false);
    area.live(List.of("1/9 turns"));
    area.print(List.of("answer"));
    area.live(List.of());
    assertThat(out.toString()).isEqualTo("answer\n");
  }

  @Test
  void shouldEraseTheLiveLinesOfATerminalAtTheEnd() {
    LiveArea area = new LiveArea(new PrintWriter(out), true);
    area.print(List.of("answer"));
    area.live(List.of());
    assertThat(out.toString()).isEqualTo("answer\n").doesNotContain(UP);
  }
}
