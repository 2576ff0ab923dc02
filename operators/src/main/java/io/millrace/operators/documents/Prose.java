package io.millrace.operators.documents;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Turns partial summaries into running text: heads of lists and list marks go, the rest is joined.
 * So what is combined reads like a document, which is what small models are trained to summarise.
 */
final class Prose {
  private static final Pattern MARK = Pattern.compile("^(?:[-*•·]|\\d{1,3}[.)、])\\s*");

  private Prose() {}

  static String of(List<String> partials, SummaryLanguage language) {
    StringBuilder prose = new StringBuilder();
    for (String partial : partials) {
      String[] lines = partial.strip().split("\\R+");
      for (int i = 0; i < lines.length; i++) {
        String line = lines[i].strip();
        boolean head = i + 1 < lines.length && (line.endsWith(":") || line.endsWith("："));
        String bare = MARK.matcher(line).replaceFirst("");
        if (!head && !bare.isEmpty()) {
          if (!prose.isEmpty()) {
            prose.append(language.space());
          }
          prose.append(bare);
        }
      }
    }
    return prose.toString();
  }
}
