package io.millrace.operators.conversation.state;

import io.millrace.operators.record.SourceRecord;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;

/**
 * A request in a conversation's inbox.
 *
 * @param timestamp its event time; watermarks wait for it
 * @param hasTimestamp whether it has one
 * @param attempts how often the engine failed on it
 * @param suspect whether an engine died while it worked on it
 * @param cancelled whether a CANCEL met it while the engine worked on it
 */
public record Pending(
    SourceRecord source,
    long timestamp,
    boolean hasTimestamp,
    int attempts,
    boolean suspect,
    boolean cancelled) {

  public ConversationRequest request() {
    return source.request();
  }

  /** Length of the record that it came as. */
  public int bytes() {
    return source.bytes();
  }

  public String id() {
    return request().getRequestId();
  }

  public boolean isTurn() {
    return request().getKind() == RequestKind.TURN;
  }

  public boolean isExpired(long now) {
    return request().getDeadline() != null && request().getDeadline().toEpochMilli() <= now;
  }

  /**
   * @param engineDied whether this may have been why
   */
  public Pending failedOnce(boolean engineDied) {
    return new Pending(
        source, timestamp, hasTimestamp, attempts + 1, suspect || engineDied, cancelled);
  }

  public Pending asCancelled() {
    return new Pending(source, timestamp, hasTimestamp, attempts, suspect, true);
  }
}
