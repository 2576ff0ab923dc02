package io.millrace.operators.documents;

import java.util.Comparator;

/**
 * The place of a unit in the order of a subtask: documents as they came, and their units in order.
 * So the first document ends first, and the next ones fill what it leaves of the batch.
 */
record Slot(long arrival, int stage, int unit, String documentId) implements Comparable<Slot> {
  private static final Comparator<Slot> ORDER =
      Comparator.comparingLong(Slot::arrival)
          .thenComparing(Slot::documentId)
          .thenComparingInt(Slot::stage)
          .thenComparingInt(Slot::unit);

  @Override
  public int compareTo(Slot other) {
    return ORDER.compare(this, other);
  }
}
