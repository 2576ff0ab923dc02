package io.millrace.operators.conversation;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;

/** The processing-time timers of conversations; they are part of every checkpoint. */
final class ConversationTimers {

  /**
   * Hears timers, each with its time: a clock that was set back does not show it. The conversation
   * is the current key.
   */
  interface Handler {
    void onIdle() throws Exception;

    void onDeadline(String conversation, long position, long time) throws Exception;

    void onRetry(String conversation, long time) throws Exception;
  }

  /** Makes or finds a timer service by its name. */
  interface Services {
    <N> InternalTimerService<N> get(
        String name, TypeSerializer<N> namespace, Triggerable<Object, N> trigger);
  }

  private interface OnTime<N> {
    void accept(String conversation, N namespace, long time) throws Exception;
  }

  private final InternalTimerService<VoidNamespace> idle;

  /**
   * One for each request that has a deadline: its namespace is the request's place in the inbox.
   */
  private final InternalTimerService<Long> deadlines;

  private final InternalTimerService<VoidNamespace> retries;

  ConversationTimers(Services services, Handler handler) {
    VoidNamespaceSerializer alone = VoidNamespaceSerializer.INSTANCE;
    idle = service(services, "idle", alone, (conversation, none, time) -> handler.onIdle());
    deadlines = service(services, "deadline", LongSerializer.INSTANCE, handler::onDeadline);
    retries =
        service(
            services,
            "retry",
            alone,
            (conversation, none, time) -> handler.onRetry(conversation, time));
  }

  void idleAt(long time) {
    idle.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
  }

  void deadlineAt(long position, long time) {
    deadlines.registerProcessingTimeTimer(position, time);
  }

  /** A deadline may be years away: the timer of a request that has ended must not stay in state. */
  void noDeadlineAt(long position, long time) {
    deadlines.deleteProcessingTimeTimer(position, time);
  }

  void retryAt(long time) {
    retries.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
  }

  private static <N> InternalTimerService<N> service(
      Services services, String name, TypeSerializer<N> namespace, OnTime<N> onTime) {
    return services.get(
        name,
        namespace,
        new Triggerable<>() {
          @Override
          public void onEventTime(InternalTimer<Object, N> timer) {
            throw new IllegalStateException("no event-time timer is ever set");
          }

          @Override
          public void onProcessingTime(InternalTimer<Object, N> timer) throws Exception {
            onTime.accept((String) timer.getKey(), timer.getNamespace(), timer.getTimestamp());
          }
        });
  }
}
