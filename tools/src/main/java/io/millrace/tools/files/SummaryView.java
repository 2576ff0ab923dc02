package io.millrace.tools.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.operators.documents.DocumentListener;
import io.millrace.tools.console.LiveArea;
import io.millrace.tools.console.Text;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** How far each document and all of them are, on the console. Safe to use from any thread. */
final class SummaryView implements DocumentListener {
  private static final int DOCUMENTS_SHOWN = 8;
  private static final int NAME = 40;
  private static final int BAR = 24;

  /** The bar of a document's stage. */
  private record Bar(int stage, int answered, int units) {}

  private final LiveArea area;
  private final int documents;
  private final Map<String, Bar> bars = new TreeMap<>();
  private long prompts;
  private int ended;

  /**
   * @param documents how many there are
   * @param endedBefore how many of them ended in an earlier run
   */
  SummaryView(PrintWriter out, boolean terminal, int documents, int endedBefore) {
    area = new LiveArea(out, terminal);
    this.documents = documents;
    ended = endedBefore;
  }

  synchronized void line(String text) {
    area.print(List.of(text));
  }

  @Override
  public synchronized void progress(String documentId, int stage, int answered, int units) {
    Bar before = bars.put(documentId, new Bar(stage, answered, units));
    // What a stage begins with was answered before, or needs no prompt.
    if (before != null && before.stage == stage && answered > before.answered) {
      prompts++;
    }
    show();
  }

  @Override
  public synchronized void ended(String documentId) {
    bars.remove(documentId);
    show();
  }

  /**
   * The document's result is in its file.
   *
   * @param result its line
   */
  synchronized void finished(String documentId, JsonNode result) {
    ended++;
    String mark = result.has("error") ? "failed " : "done   ";
    JsonNode pages = result.path("pages_without_text");
    String missing =
        pages.isEmpty()
            ? ""
            : ", but text is missing on page%s %s"
                .formatted(
                    pages.size() == 1 ? "" : "s",
                    StreamSupport.stream(pages.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(", ")));
    area.print(List.of(mark + documentId + missing));
    show();
  }

  /** Redraws what goes on below the lines. */
  private void show() {
    List<String> lines = new ArrayList<>();
    bars.entrySet().stream()
        .limit(DOCUMENTS_SHOWN)
        .forEach(entry -> lines.add(line(entry.getKey(), entry.getValue())));
    if (bars.size() > DOCUMENTS_SHOWN) {
      lines.add("  and %d more".formatted(bars.size() - DOCUMENTS_SHOWN));
    }
    lines.add("  %d of %d documents, %d prompts answered".formatted(ended, documents, prompts));
    area.live(lines);
  }

  private static String line(String id, Bar bar) {
    int full = bar.units == 0 ? BAR : BAR * bar.answered / bar.units;
    String stage = bar.stage == 0 ? "reading" : "combining, level " + bar.stage;
    return "  %-40s [%s%s] %d/%d %s"
        .formatted(
            Text.shorten(id, NAME),
            "#".repeat(full),
            " ".repeat(BAR - full),
            bar.answered,
            bar.units,
            stage);
  }

  /** How many prompts were answered in this run. */
  synchronized long prompts() {
    return prompts;
  }

  synchronized void clear() {
    area.live(List.of());
  }
}
