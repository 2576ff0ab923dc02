package io.millrace.operators.documents;

import java.io.Serializable;

/**
 * The instructions of each stage in one language, with {@code {text}} and, to refine, {@code
 * {summary}} where these are to stand, or {@link #AUTO} for what suits the model.
 *
 * @param chunk asks for the summary of a part of the document
 * @param combine asks for one summary of partial summaries
 * @param refine asks for the summary of a summary so far and the next part
 */
public record SummaryPrompts(String chunk, String combine, String refine) implements Serializable {
  public static final String AUTO = "auto";
  static final String TEXT = "{text}";
  static final String SUMMARY = "{summary}";

  public SummaryPrompts {
    require("chunk", chunk, TEXT);
    require("combine", combine, TEXT);
    require("refine", refine, TEXT);
    require("refine", refine, SUMMARY);
  }

  /** These, with the others' where they are {@link #AUTO}. */
  SummaryPrompts orElse(SummaryPrompts others) {
    return new SummaryPrompts(
        chunk.equals(AUTO) ? others.chunk : chunk,
        combine.equals(AUTO) ? others.combine : combine,
        refine.equals(AUTO) ? others.refine : refine);
  }

  String of(PromptKind task, String text, String summary) {
    return switch (task) {
      case CHUNK -> chunk.replace(TEXT, text);
      case COMBINE -> combine.replace(TEXT, text);
      // Once only: the summary may hold anything, even {text}.
      case REFINE -> fill(text, summary);
    };
  }

  private String fill(String text, String summary) {
    StringBuilder filled = new StringBuilder();
    int at = 0;
    while (at < refine.length()) {
      if (refine.startsWith(TEXT, at)) {
        filled.append(text);
        at += TEXT.length();
      } else if (refine.startsWith(SUMMARY, at)) {
        filled.append(summary);
        at += SUMMARY.length();
      } else {
        filled.append(refine.charAt(at++));
      }
    }
    return filled.toString();
  }

  private static void require(String name, String prompt, String part) {
    if (!prompt.equals(AUTO) && !prompt.contains(part)) {
      throw new IllegalArgumentException(
          "documents.prompt-%s-* is \"%s\", it must contain %s".formatted(name, prompt, part));
    }
  }
}
