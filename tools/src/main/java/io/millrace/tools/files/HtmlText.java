package io.millrace.tools.files;

import java.util.Set;
import java.util.stream.Collectors;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/**
 * The text of an HTML page with its paragraphs: headings and list items as in Markdown, tables as
 * rows of cells, preformatted text as fenced code.
 */
final class HtmlText {
  private static final Set<String> LEFT_OUT =
      Set.of("script", "style", "noscript", "template", "head", "nav", "iframe", "svg");

  private final StringBuilder text = new StringBuilder();

  private HtmlText() {}

  static String of(Document page) {
    HtmlText html = new HtmlText();
    html.children(page.body());
    return html.text.toString();
  }

  private void children(Element parent) {
    for (Node node : parent.childNodes()) {
      if (node instanceof TextNode words) {
        append(words.text());
      } else if (node instanceof Element element && !LEFT_OUT.contains(element.normalName())) {
        element(element);
      }
    }
  }

  private void element(Element element) {
    switch (element.normalName()) {
      case "br" -> text.append('\n');
      case "pre" -> block("```\n" + element.wholeText().stripTrailing() + "\n```");
      case "table" -> table(element);
      case "li" -> {
        line();
        text.append("- ");
        children(element);
        line();
      }
      case "h1", "h2", "h3", "h4", "h5", "h6" -> {
        int level = element.normalName().charAt(1) - '0';
        block("#".repeat(level) + " " + element.text());
      }
      default -> {
        if (element.isBlock()) {
          paragraph();
          children(element);
          paragraph();
        } else {
          children(element);
        }
      }
    }
  }

  /** The caption, and the rows; a row that holds another table is only what is in its cells. */
  private void table(Element table) {
    paragraph();
    table.select("> caption").forEach(this::children);
    paragraph();
    for (Element row : table.select("> tr, > thead > tr, > tbody > tr, > tfoot > tr")) {
      if (row.selectFirst("table") == null) {
        line();
        text.append(row(row));
      } else {
        paragraph();
        children(row);
        paragraph();
      }
    }
    paragraph();
  }

  private static String row(Element row) {
    return row.select("> th, > td").stream()
        .map(cell -> cell.text().replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }

  private void append(String words) {
    boolean atStart = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
    text.append(atStart ? words.stripLeading() : words);
  }

  private void block(String content) {
    paragraph();
    text.append(content);
    paragraph();
  }

  private void line() {
    trim();
    if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
      text.append('\n');
    }
  }

  private void paragraph() {
    line();
    int length = text.length();
    if (length > 1 && text.charAt(length - 2) != '\n') {
      text.append('\n');
    }
  }

  private void trim() {
    while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
  }
}
