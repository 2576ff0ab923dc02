package io.millrace.operators.serving;

/**
 * How many records a subtask holds, and how many bytes they have, against the bounds on both. A
 * record that is longer than all may be together is held alone.
 */
public final class BufferLimit {
  private final int maxRecords;
  private final long maxBytes;
  private int records;
  private long bytes;

  public BufferLimit(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  public boolean hasPlaceFor(long more) {
    return records == 0 || (records < maxRecords && bytes + more <= maxBytes);
  }

  /** Counts a record in, though there may be no place: what a checkpoint holds is held. */
  public void take(long more) {
    records++;
    bytes += more;
  }

  public void leave(long less) {
    records--;
    bytes -= less;
  }

  public int records() {
    return records;
  }

  public long bytes() {
    return bytes;
  }
}
