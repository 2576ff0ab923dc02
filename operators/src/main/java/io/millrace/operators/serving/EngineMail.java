package io.millrace.operators.serving;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Carries events from the engine's thread to the task's thread. One mail takes a burst of events,
 * so that a stream of tokens does not flood the mailbox.
 */
public final class EngineMail {
  private static final int BURST = 256;

  private final MailboxExecutor mailbox;
  private final ThrowingRunnable<Exception> afterwards;
  private final ConcurrentLinkedQueue<ThrowingRunnable<Exception>> events =
      new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * @param afterwards is run after each burst
   */
  public EngineMail(MailboxExecutor mailbox, ThrowingRunnable<Exception> afterwards) {
    this.mailbox = mailbox;
    this.afterwards = afterwards;
  }

  /** Called from any thread. */
  public void post(ThrowingRunnable<Exception> event) {
    if (!closed) {
      events.add(event);
      schedule();
    }
  }

  public void close() {
    closed = true;
    events.clear();
  }

  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        mailbox.execute(this::deliver, "engine events");
      } catch (RejectedExecutionException e) {
        // The task is closing: what is in flight stays in the inbox and runs again after a restore.
        close();
      }
    }
  }

  private void deliver() throws Exception {
    scheduled.set(false);
    ThrowingRunnable<Exception> event = events.poll();
    for (int i = 1; event != null; event = i++ < BURST ? events.poll() : null) {
      event.run();
    }
    afterwards.run();
    if (!events.isEmpty()) {
      schedule();
    }
  }
}
