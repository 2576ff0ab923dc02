package io.millrace.tools.console;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a long command is: one line that rewrites itself on a terminal, otherwise a line
 * now and then.
 */
public final class ProgressLine implements AutoCloseable {

  private static final long TERMINAL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);
  private static final String CLEAR = "\r\033[K";

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private long shown = System.nanoTime();

  public ProgressLine(PrintWriter out) {
    this.out = out;
  }

  public void show(String what, long done, long total) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? TERMINAL_INTERVAL : LOG_INTERVAL)) {
      return;
    }
    shown = now;
    String line = "%3d %%  %s".formatted(100 * done / Math.max(1, total), what);
    out.print(terminal ? CLEAR + line : line + System.lineSeparator());
    out.flush();
  }

  @Override
  public void close() {
    if (terminal) {
      out.print(CLEAR);
      out.flush();
    }
  }
}
