package io.millrace.operators.documents;

import io.millrace.operators.documents.prose.LastSentence;

/**
 * One prompt of a document and, once it is there, its answer.
 *
 * @param part the part of the document that it reads, -1 for none
 * @param text what is combined, or the summary that is refined; empty for a part by itself
 * @param result the answer, null until there is one
 * @param cut whether the answer reached its greatest length
 * @param attempts how often the engine failed on it
 * @param suspect whether an engine died while it worked on it
 */
public record DocumentPrompt(
    PromptKind task,
    int part,
    String text,
    String result,
    boolean cut,
    int promptTokens,
    int completionTokens,
    int attempts,
    boolean suspect) {

  static DocumentPrompt chunk(int part) {
    return new DocumentPrompt(PromptKind.CHUNK, part, "", null, false, 0, 0, 0, false);
  }

  static DocumentPrompt refine(int part, String summary) {
    return new DocumentPrompt(PromptKind.REFINE, part, summary, null, false, 0, 0, 0, false);
  }

  static DocumentPrompt combine(String partials) {
    return new DocumentPrompt(PromptKind.COMBINE, -1, partials, null, false, 0, 0, 0, false);
  }

  /** A partial summary that is alone in its group and so goes on as it is. */
  static DocumentPrompt unchanged(String partial) {
    return new DocumentPrompt(PromptKind.COMBINE, -1, "", partial, false, 0, 0, 0, false);
  }

  /** An answer that was cut off ends at its last sentence. */
  DocumentPrompt answered(String answer, boolean cutOff, int promptLength, int answerLength) {
    String whole = cutOff ? LastSentence.endingAt(answer) : answer;
    return new DocumentPrompt(task, part, "", whole, cutOff, promptLength, answerLength, 0, false);
  }

  /**
   * @param engineDied whether this may have been why
   */
  DocumentPrompt failedOnce(boolean engineDied) {
    return new DocumentPrompt(
        task, part, text, null, false, 0, 0, attempts + 1, suspect || engineDied);
  }

  boolean isDone() {
    return result != null;
  }
}
