package io.millrace.tools.cli;

import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.DeadLetter;
import io.millrace.tools.console.Text;

/** Records as lines to read. */
final class RecordLines {

  private RecordLines() {}

  static String completion(Completion c) {
    if (c.getTurn() == 0) {
      return "%s (%s): [%s]"
          .formatted(
              Text.oneLine(c.getConversationId()),
              Text.oneLine(c.getRequestId()),
              c.getFinishReason());
    }
    return "%s turn %d (%s): %s[%s, %d of %d prompt tokens cached, %d generated]"
        .formatted(
            Text.oneLine(c.getConversationId()),
            c.getTurn(),
            Text.oneLine(c.getRequestId()),
            c.getText().isEmpty() ? "" : Text.oneLine(c.getText()) + "  ",
            c.getFinishReason(),
            c.getUsage().getCachedTokens(),
            c.getUsage().getPromptTokens(),
            c.getUsage().getCompletionTokens());
  }

  static String chunk(CompletionChunk c) {
    return "%s (%s) #%d: %s"
        .formatted(
            Text.oneLine(c.getConversationId()),
            Text.oneLine(c.getRequestId()),
            c.getIndex(),
            c.getLast() ? "end" : Text.oneLine(c.getText()));
  }

  static String deadLetter(DeadLetter d) {
    return "%s %s: %s  [%s-%d at offset %d, %d bytes]"
        .formatted(
            d.getStage(),
            d.getRequestId() == null ? "(no request id)" : Text.oneLine(d.getRequestId()),
            Text.oneLine(d.getError()),
            d.getTopic(),
            d.getPartition(),
            d.getOffset(),
            d.getOriginal() == null ? 0 : d.getOriginal().remaining());
  }
}
