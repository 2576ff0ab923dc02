package io.millrace.operators.documents;

import java.util.Comparator;

/**
 * The place of a unit in the order of a subtask: documents as they came, and their units in order.
 * So the first document ends first, and the next ones fill what it leaves of the batch.
 */
record PromptKey(long arrival, int stage, int unit, String documentId)
    implements Comparable<PromptKey> {
  private static final Comparator<PromptKey> ORDER =
      Comparator.comparingLong(PromptKey::arrival)
          .thenComparing(PromptKey::documentId)
          .thenComparingInt(PromptKey::stage)
          .thenComparingInt(PromptKey::unit);

  @Override
  public int compareTo(PromptKey other) {
    return ORDER.compare(this, other);
  }
}
