package io.millrace.operators.state;

import io.millrace.operators.SourceRecord;

/**
 * A request in a conversation's inbox.
 *
 * @param timestamp its event time; watermarks wait for it
 * @param hasTimestamp whether it has one
 * @param attempts how often the engine failed on it
 * @param cancelled whether a CANCEL met it while the engine worked on it
 */
public record Pending(
    SourceRecord source, long timestamp, boolean hasTimestamp, int attempts, boolean cancelled) {

  public Pending failedOnce() {
    return new Pending(source, timestamp, hasTimestamp, attempts + 1, cancelled);
  }

  public Pending asCancelled() {
    return new Pending(source, timestamp, hasTimestamp, attempts, true);
  }
}
