package io.millrace.operators;

import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;

/** The processing-time timers of conversations; they are part of every checkpoint. */
final class ConversationTimers {

  /** Hears timers; the conversation is the current key. */
  interface Handler {
    void onIdle() throws Exception;

    void onDeadline(String conversation) throws Exception;

    void onRetry(String conversation) throws Exception;
  }

  /** Makes or finds a timer service by its name. */
  interface Services {
    InternalTimerService<VoidNamespace> get(
        String name, VoidNamespaceSerializer namespace, Triggerable<Object, VoidNamespace> trigger);
  }

  private interface OnTime {
    void accept(String conversation) throws Exception;
  }

  private final InternalTimerService<VoidNamespace> idle;
  private final InternalTimerService<VoidNamespace> deadlines;
  private final InternalTimerService<VoidNamespace> retries;

  ConversationTimers(Services services, Handler handler) {
    idle = service(services, "idle", conversation -> handler.onIdle());
    deadlines = service(services, "deadline", handler::onDeadline);
    retries = service(services, "retry", handler::onRetry);
  }

  void idleAt(long time) {
    idle.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
  }

  void deadlineAt(long time) {
    deadlines.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
  }

  void retryAt(long time) {
    retries.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
  }

  private static InternalTimerService<VoidNamespace> service(
      Services services, String name, OnTime onTime) {
    return services.get(
        name,
        VoidNamespaceSerializer.INSTANCE,
        new Triggerable<>() {
          @Override
          public void onEventTime(InternalTimer<Object, VoidNamespace> timer) {
            throw new IllegalStateException("no event-time timer is ever set");
          }

          @Override
          public void onProcessingTime(InternalTimer<Object, VoidNamespace> timer)
              throws Exception {
            onTime.accept((String) timer.getKey());
          }
        });
  }
}
