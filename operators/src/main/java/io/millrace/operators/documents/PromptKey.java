package io.millrace.operators.documents;

import io.millrace.operators.record.SafeText;
import java.util.Comparator;

/**
 * The place of a prompt in the order of a subtask: documents as they came, their prompts in order.
 * So the first document ends first, and the next ones fill what it leaves of the batch.
 */
record PromptKey(long arrival, int stage, int prompt, String documentId)
    implements Comparable<PromptKey> {
  private static final Comparator<PromptKey> ORDER =
      Comparator.comparingLong(PromptKey::arrival)
          .thenComparing(PromptKey::documentId)
          .thenComparingInt(PromptKey::stage)
          .thenComparingInt(PromptKey::prompt);

  @Override
  public int compareTo(PromptKey other) {
    return ORDER.compare(this, other);
  }

  /** For logs, where an id that others have chosen must not stand as it came. */
  @Override
  public String toString() {
    return "Prompt " + stage + "/" + prompt + " of document " + SafeText.value(documentId);
  }
}
