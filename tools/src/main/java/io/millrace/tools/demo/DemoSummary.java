package io.millrace.tools.demo;

import java.util.Locale;

/** The demo's last words: what was sent, what came back, and how fast. */
final class DemoSummary {

  private DemoSummary() {}

  static void show(DemoView view, Scoreboard board, long checkpoints, long nanos) {
    view.heading("Summary");
    view.fact("requests", (board.sent() + 1) + "  (one of them malformed)");
    view.fact("completions", String.valueOf(board.completions()));
    view.fact("dead letters", String.valueOf(board.deadLetters()));
    view.fact(
        "right", board.right() + " of " + board.expected() + " answers with a known solution");
    view.fact(
        "tokens",
        String.format(
            Locale.ROOT,
            "%d generated, %.0f tokens/s; %d chunks streamed",
            board.generatedTokens(),
            board.tokensPerSecond(),
            board.chunks()));
    view.fact(
        "cached",
        String.format(
            Locale.ROOT,
            "%d of %d prompt tokens (%d%%)%s",
            board.cachedTokens(),
            board.promptTokens(),
            board.cachedPercent(),
            board.laterTurnsWithoutCache() == 0
                ? ", in every turn from the second on"
                : "; " + board.laterTurnsWithoutCache() + " later turns had none"));
    view.fact("checkpoints", checkpoints + " completed");
    view.fact("time", String.format(Locale.ROOT, "%.1f s from the first request", nanos / 1e9));
  }
}
