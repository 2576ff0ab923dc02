package io.millrace.tools.demo;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.console.LiveArea;
import io.millrace.tools.console.Text;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo on the console: finished turns scroll, and below them lives what is being written. */
final class DemoView {

  private static final int TEXT = 76;
  private static final int STREAMING_LINES = 4;
  private static final int NAME = 14;

  private final LiveArea area;
  private final boolean colours;
  private final Map<String, StringBuilder> streaming = new LinkedHashMap<>();

  DemoView(PrintWriter out, boolean terminal, boolean colours) {
    this.area = new LiveArea(out, terminal);
    this.colours = colours;
  }

  void line(String text) {
    area.print(List.of(text));
  }

  /** One line of a block of names and values. */
  void fact(String name, String value) {
    line("  " + style(Style.FAINT, "%-14s".formatted(name)) + value);
  }

  void heading(String text) {
    area.print(List.of("", style(Style.BOLD, text)));
  }

  void turn(Turn turn, Completion answer) {
    streaming.remove(turn.id());
    String mark =
        turn.isRight(answer.getText())
            .map(right -> right ? style(Style.GREEN, "✓") : style(Style.RED, "✗"))
            .orElse(style(Style.FAINT, "•"));
    String usage =
        "cached %d of %d, %d new"
            .formatted(
                answer.getUsage().getCachedTokens(),
                answer.getUsage().getPromptTokens(),
                answer.getUsage().getCompletionTokens());
    String who = turn.conversation() + " #" + turn.number();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  %s"
            .formatted(
                mark,
                style(Style.BOLD, who),
                style(Style.CYAN, Text.shorten(question(turn), TEXT))));
    lines.add(
        "     %s  %s"
            .formatted(
                Text.shorten(answer.getText(), TEXT), style(Style.FAINT, "[" + usage + "]")));
    if (!turn.isRight(answer.getText()).orElse(true)) {
      lines.add(
          style(
              Style.FAINT, "     expected: " + Text.shorten(turn.expected().orElseThrow(), TEXT)));
    }
    area.print(lines);
  }

  /** An answer to a request that somebody else sent. */
  void other(Completion answer) {
    streaming.remove(answer.getRequestId());
    String what =
        answer.getTurn() == 0
            ? answer.getFinishReason().toString()
            : "#" + answer.getTurn() + "  " + Text.shorten(answer.getText(), TEXT);
    area.print(
        List.of(
            "%s  %s  %s  %s"
                .formatted(
                    style(Style.FAINT, "•"),
                    style(Style.BOLD, Text.shorten(answer.getConversationId(), TEXT)),
                    what,
                    style(Style.FAINT, "[" + Text.shorten(answer.getRequestId(), TEXT) + "]"))));
  }

  void deadLetter(DeadLetter letter) {
    area.print(
        List.of(
            "%s  %s  %s"
                .formatted(
                    style(Style.YELLOW, "!"),
                    style(Style.BOLD, "dead letter"),
                    style(
                        Style.FAINT,
                        "%s-%d at offset %d, %d bytes kept"
                            .formatted(
                                letter.getTopic(),
                                letter.getPartition(),
                                letter.getOffset(),
                                letter.getOriginal() == null
                                    ? 0
                                    : letter.getOriginal().remaining()))),
            "     " + letter.getStage() + ": " + Text.oneLine(letter.getError())));
  }

  void chunk(CompletionChunk chunk) {
    if (chunk.getLast()) {
      return;
    }
    streaming
        .computeIfAbsent(chunk.getRequestId(), id -> new StringBuilder())
        .append(chunk.getText());
  }

  /** Draws what is being written, and how far the demo is. */
  void progress(Scoreboard board) {
    List<String> lines = new ArrayList<>();
    streaming.entrySet().stream()
        .limit(STREAMING_LINES)
        .forEach(
            entry ->
                lines.add(
                    style(Style.FAINT, "   … " + Text.pad(entry.getKey(), NAME) + " ")
                        + Text.last(entry.getValue().toString(), TEXT)));
    lines.add(
        style(
            Style.BOLD,
            "   %d/%d turns · %.0f tokens/s · cached %d%%"
                .formatted(
                    board.completions(),
                    board.sent(),
                    board.tokensPerSecond(),
                    board.cachedPercent())));
    area.live(lines);
  }

  /** Nothing more will move. */
  void end() {
    streaming.clear();
    area.live(List.of());
  }

  private static String question(Turn turn) {
    if (turn.request().getText() != null) {
      return turn.request().getText();
    }
    var messages = turn.request().getMessages();
    return messages.isEmpty() ? "" : messages.get(messages.size() - 1).getContent();
  }

  private String style(Style style, String text) {
    return colours ? style.code + text + "\033[0m" : text;
  }

  private enum Style {
    BOLD("\033[1m"),
    FAINT("\033[2m"),
    RED("\033[31m"),
    GREEN("\033[32m"),
    YELLOW("\033[33m"),
    CYAN("\033[36m");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }
}
