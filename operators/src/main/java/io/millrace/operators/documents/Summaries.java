package io.millrace.operators.documents;

import io.millrace.engine.Engine;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;

/** Makes the record of a finished document. */
final class Summaries {
  private Summaries() {}

  /**
   * @param after the counts over all stages
   * @param last the prompt whose answer is the summary
   */
  static Summary of(
      Engine engine,
      SummarySettings settings,
      DocumentRequest request,
      Progress after,
      DocumentPrompt last) {
    return Summary.newBuilder()
        .setDocumentId(request.getDocumentId())
        .setText(last.result())
        .setCutShort(last.cut())
        .setLanguage(settings.language().tag())
        .setStrategy(settings.strategy().name())
        .setChunks(after.chunks())
        .setDepth(after.depth())
        .setPrompts(after.prompts())
        .setTruncated(after.truncated())
        .setEmpty(after.empty())
        .setPromptTokens(after.promptTokens())
        .setCompletionTokens(after.completionTokens())
        .setModel(engine.manifest().name())
        .setModelFingerprint(engine.manifest().fingerprint())
        .setMetadata(request.getMetadata())
        .setPagesWithoutText(request.getPagesWithoutText())
        .build();
  }
}
