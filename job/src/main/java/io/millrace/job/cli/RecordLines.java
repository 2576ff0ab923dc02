package io.millrace.job.cli;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;

/** Records as lines to read. */
final class RecordLines {

  private RecordLines() {}

  static String completion(Completion c) {
    return "%s turn %d (%s): %s  [%s, %d of %d prompt tokens cached, %d generated]"
        .formatted(
            c.getConversationId(),
            c.getTurn(),
            c.getRequestId(),
            oneLine(c.getText()),
            c.getFinishReason(),
            c.getUsage().getCachedTokens(),
            c.getUsage().getPromptTokens(),
            c.getUsage().getCompletionTokens());
  }

  static String chunk(CompletionChunk c) {
    return "%s (%s) #%d: %s"
        .formatted(
            c.getConversationId(),
            c.getRequestId(),
            c.getIndex(),
            c.getLast() ? "end" : oneLine(c.getText()));
  }

  static String deadLetter(DeadLetter d) {
    return "%s %s: %s  [%s-%d at offset %d, %d bytes]"
        .formatted(
            d.getStage(),
            d.getRequestId() == null ? "(no request id)" : d.getRequestId(),
            oneLine(d.getError()),
            d.getTopic(),
            d.getPartition(),
            d.getOffset(),
            d.getOriginal() == null ? 0 : d.getOriginal().remaining());
  }

  static String oneLine(String text) {
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
  }

  /** At most this many characters, the last one an ellipsis where something was cut off. */
  static String shorten(String text, int length) {
    String line = oneLine(text);
    if (line.codePointCount(0, line.length()) <= length) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, length - 1)) + "…";
  }
}
