package io.millrace.operators.documents;

import java.util.List;

/**
 * How far a document is: its present stage, and the counts over all stages before it.
 *
 * @param arrival orders the documents of a subtask by when they came
 * @param content {@link io.millrace.operators.record.RequestContent#hash} of the document
 * @param chunks number of its parts
 * @param stage number of the present stage, from 0
 * @param units prompts of that stage
 * @param depth how many stages before it combined or refined partial summaries
 * @param prompts how many prompts were answered before it
 * @param truncated how many of these answers reached their greatest length
 * @param empty how many of them were empty
 */
public record Progress(
    long arrival,
    long content,
    int chunks,
    int stage,
    int units,
    int depth,
    int prompts,
    int truncated,
    int empty,
    long promptTokens,
    long completionTokens) {

  static Progress first(long arrival, long content, int chunks, int units) {
    return new Progress(arrival, content, chunks, 0, units, 0, 0, 0, 0, 0, 0);
  }

  /** The stage that follows one whose prompts are answered, perhaps one without any. */
  Progress next(List<DocumentPrompt> answered, int nextUnits) {
    List<DocumentPrompt> asked =
        answered.stream().filter(prompt -> prompt.promptTokens() > 0).toList();
    boolean deeper = asked.stream().anyMatch(prompt -> prompt.task() != PromptKind.CHUNK);
    return new Progress(
        arrival,
        content,
        chunks,
        stage + 1,
        nextUnits,
        depth + (deeper ? 1 : 0),
        prompts + asked.size(),
        truncated + (int) asked.stream().filter(DocumentPrompt::cut).count(),
        empty + (int) asked.stream().filter(prompt -> prompt.result().isBlank()).count(),
        promptTokens + asked.stream().mapToLong(DocumentPrompt::promptTokens).sum(),
        completionTokens + asked.stream().mapToLong(DocumentPrompt::completionTokens).sum());
  }
}
