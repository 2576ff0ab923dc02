package io.millrace.operators.serving;

import io.millrace.operators.flow.FlowReporter;

/**
 * How many records a subtask holds, and how many bytes they have, against the bounds on both. At a
 * bound the source stops reading. What is under way by then is taken nevertheless: an operator that
 * waited for room would let no barrier pass. So a subtask holds at most what the bounds say, one
 * record, and what the network buffers before it have.
 */
public final class BufferLimit {
  private final int maxRecords;
  private final long maxBytes;
  private final FlowReporter flow;
  private int records;
  private long bytes;

  /**
   * @param flow hears of every change; whoever made it closes it
   */
  public BufferLimit(int maxRecords, long maxBytes, FlowReporter flow) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.flow = flow;
  }

  /** Counts a record in, though there may be no room. */
  public void take(long more) {
    records++;
    bytes += more;
    report();
  }

  public void leave(long less) {
    records--;
    bytes -= less;
    report();
  }

  private void report() {
    flow.report(records, records >= maxRecords || bytes >= maxBytes);
  }

  public int records() {
    return records;
  }

  public long bytes() {
    return bytes;
  }
}
