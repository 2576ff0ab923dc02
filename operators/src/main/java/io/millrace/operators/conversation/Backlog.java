package io.millrace.operators.conversation;

import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.serving.BufferLimit;
import java.time.Instant;

/**
 * All requests that this subtask holds, running and waiting: what they take of the buffer, where
 * the turns among them are, the watermarks that they hold back and the timers of their deadlines.
 * The inbox is that of the current conversation.
 */
final class Backlog {
  private final Inbox inbox;
  private final ConversationTimers timers;
  private final WatermarkHold watermarks;
  private final BufferLimit buffer;
  private final TurnIndex index;

  Backlog(
      Inbox inbox,
      BufferLimit buffer,
      TurnIndex index,
      ConversationTimers timers,
      WatermarkHold watermarks) {
    this.inbox = inbox;
    this.buffer = buffer;
    this.index = index;
    this.timers = timers;
    this.watermarks = watermarks;
  }

  /** Counts a request that is in its inbox already, with its timer. */
  void hold(long position, Pending pending) {
    buffer.take(pending.bytes());
    index.add(position, pending);
    watermarks.hold(pending);
  }

  void add(Pending pending) throws Exception {
    long position = inbox.append(pending);
    hold(position, pending);
    Instant deadline = pending.request().getDeadline();
    if (deadline != null) {
      timers.deadlineAt(position, deadline.toEpochMilli());
    }
  }

  void remove(long position, Pending pending) throws Exception {
    inbox.remove(position);
    buffer.leave(pending.bytes());
    index.remove(position, pending);
    watermarks.release(pending);
    Instant deadline = pending.request().getDeadline();
    if (deadline != null) {
      timers.noDeadlineAt(position, deadline.toEpochMilli());
    }
  }
}
