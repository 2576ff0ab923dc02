package io.millrace.tools.console;

import java.io.PrintWriter;
import java.util.List;

/**
 * Lines that stay at the bottom of a terminal and are drawn again and again, while other lines
 * scroll by above them. Without a terminal they are printed now and then.
 */
public final class LiveArea {

  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long REPEAT_NANOS = 5_000_000_000L;
  private static final String UP_AND_CLEAR = "\033[A\r\033[K";

  private final PrintWriter out;
  private final boolean terminal;
  private List<String> drawn = List.of();
  private long drawnAt;
  private String repeated = "";

  public LiveArea(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    drawnAt = System.nanoTime();
  }

  /** Prints lines that stay. */
  public void print(List<String> lines) {
    List<String> below = drawn;
    erase();
    lines.forEach(out::println);
    draw(below);
    out.flush();
  }

  /** Replaces the lines at the bottom. */
  public void live(List<String> lines) {
    long now = System.nanoTime();
    if (terminal) {
      if (lines.isEmpty() || now - drawnAt >= REDRAW_NANOS) {
        drawnAt = now;
        erase();
        draw(lines);
        out.flush();
      }
    } else if (!lines.isEmpty() && now - drawnAt >= REPEAT_NANOS) {
      drawnAt = now;
      String last = lines.get(lines.size() - 1);
      if (!last.equals(repeated)) {
        out.println(last);
        out.flush();
        repeated = last;
      }
    }
  }

  private void erase() {
    drawn.forEach(line -> out.print(UP_AND_CLEAR));
    drawn = List.of();
  }

  private void draw(List<String> lines) {
    if (terminal) {
      lines.forEach(out::println);
      drawn = lines;
    }
  }
}
