package io.millrace.operators.conversation;

import io.millrace.engine.Engine;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.RequestContent;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.DispatchCounters;
import io.millrace.operators.serving.EngineDispatcher;
import io.millrace.operators.serving.EngineMetrics;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.operators.serving.ServingLimits;
import io.millrace.operators.serving.ServingOperator;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.RequestKind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Answers the turns of conversations, one at a time in each, many conversations at a time.
 *
 * <p>Keyed by conversation. The inbox of a conversation is keyed state, and its head is the turn in
 * the engine; it is removed only when its completion is emitted, on the task's thread, together
 * with the change of the history. So a checkpoint needs no special handling of what is in flight:
 * what is not answered in a snapshot is in the snapshot's inbox and is submitted again after a
 * restore, and key groups carry it to the right subtask at any parallelism.
 *
 * <p>Everything in memory here is rebuilt from that state. Only the task's thread touches it;
 * events of the engine come through the mailbox, and an event of an attempt that is no longer its
 * conversation's present one is dropped.
 */
public final class ConversationOperator
    extends ServingOperator<SourceRecord, Traced<Completion>, TurnPreparer>
    implements ConversationTimers.Handler {
  private static final long serialVersionUID = 1L;

  private final ConversationOptions options;

  private transient ConversationState conversation;
  private transient TokenIdentity tokens;
  private transient ConversationTimers timers;
  private transient ConversationMetrics metrics;
  private transient WatermarkHold watermarks;
  private transient Backlog backlog;
  private transient Endings endings;
  private transient EngineDispatcher<String, TurnAttempt> dispatcher;
  private transient TurnHandler turns;

  ConversationOperator(
      StreamOperatorParameters<Traced<Completion>> parameters,
      EngineProvider provider,
      ConversationOptions options,
      FlowControl control) {
    super(
        parameters,
        provider,
        new ServingLimits(
            options.maxBuffered(),
            options.maxBufferedBytes(),
            options.maxAttempts(),
            options.retryBackoff()),
        control);
    this.options = options;
  }

  // ------------------------------------------------------------------ life

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    conversation =
        new ConversationState(context.getKeyedStateStore(), options.rememberedRequests());
    tokens = new TokenIdentity(context.getOperatorStateStore());
  }

  @Override
  protected TurnPreparer prepare(Engine engine) throws Exception {
    tokens.check(engine);
    return new TurnPreparer(engine, options.sampling());
  }

  @Override
  protected EngineDispatcher<?, ?> connect() {
    watermarks = new WatermarkHold();
    timers = new ConversationTimers(this::getInternalTimerService, this);
    TurnIndex index = new TurnIndex();
    backlog = new Backlog(conversation.inbox, buffer, index, timers, watermarks);
    metrics =
        new ConversationMetrics(
            getMetricGroup(),
            () -> dispatcher.running(),
            () -> buffer.records() - dispatcher.running(),
            buffer::bytes);
    EngineMetrics.register(getMetricGroup(), link::engine);
    Emitter emitter = new Emitter(output, metrics);
    endings = new Endings(conversation, backlog, new Completions(link::engine), emitter, metrics);
    turns = new TurnHandler(conversation, index, endings, emitter, link, this::now);
    dispatcher =
        newDispatcher(
            (key, time) -> timers.retryAt(time),
            this::setCurrentKey,
            new DispatchCounters(metrics.retries, metrics.engineDeaths, metrics.staleEvents),
            turns);
    turns.use(dispatcher);
    return dispatcher;
  }

  /** Starts again what was in the inboxes of the snapshot. */
  @Override
  protected void resume() throws Exception {
    Inbox inbox = conversation.inbox;
    List<Object> keys;
    try (Stream<Object> active = Inbox.activeKeys(getKeyedStateBackend())) {
      keys = active.toList();
    }
    for (Object key : keys) {
      setCurrentKey(key);
      for (long position = inbox.head(); position < inbox.tail(); position++) {
        Pending pending = inbox.get(position);
        if (pending != null) {
          backlog.hold(position, pending);
          metrics.restored.inc();
        }
      }
    }
    for (Object key : keys) {
      setCurrentKey(key);
      turns.advance((String) key);
    }
  }

  // ------------------------------------------------------------------ input

  @Override
  public void processElement(StreamRecord<SourceRecord> element) throws Exception {
    SourceRecord source = element.getValue();
    ConversationRequest request = source.request();
    long content = RequestContent.hash(request);
    Long before = conversation.seen(request.getRequestId());
    if (before != null) {
      repeated(source, before == content);
      return;
    }
    try {
      link.preparer().check(request);
    } catch (InvalidRequestException e) {
      endings.refuseAtOnce(source, e.getMessage());
      return;
    }
    boolean timed = element.hasTimestamp();
    Pending pending =
        new Pending(source, timed ? element.getTimestamp() : 0, timed, 0, false, false);
    if (conversation.arrived(request.getRequestId(), content, now())) {
      timers.idleAt(now() + options.idleTimeout().toMillis());
    }
    if (request.getKind() == RequestKind.CANCEL) {
      turns.cancel(request.getConversationId(), request.getCancelRequestId());
      endings.endAtOnce(pending, 0, FinishReason.CANCELLED);
    } else if (pending.isExpired(now())) {
      endings.endAtOnce(pending, conversation.nextTurn(), FinishReason.DEADLINE);
    } else {
      backlog.add(pending);
    }
    turns.advance(request.getConversationId());
    pump();
  }

  private void repeated(SourceRecord source, boolean same) {
    if (same) {
      metrics.duplicates.inc();
    } else {
      endings.refuseAtOnce(
          source,
          "request_id is "
              + SafeText.value(source.request().getRequestId())
              + ", with which the conversation has had a request of other content: give each its"
              + " own id");
    }
  }

  // ------------------------------------------------------------------ time

  @Override
  public void onDeadline(String key, long position, long time) throws Exception {
    turns.expire(key, position, time);
    turns.advance(key);
    pump();
  }

  @Override
  public void onRetry(String key, long time) throws Exception {
    dispatcher.onRetry(key, time);
    pump();
  }

  /** One timer a conversation: it looks when it fires whether there was a request since. */
  @Override
  public void onIdle() throws Exception {
    Session session = conversation.session();
    long timeout = options.idleTimeout().toMillis();
    if (session.lastActivity() + timeout > now()) {
      timers.idleAt(session.lastActivity() + timeout);
    } else if (!conversation.inbox.isEmpty()) {
      timers.idleAt(now() + timeout);
    } else {
      conversation.clear();
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermarks.arrived(mark.getTimestamp());
    afterPump();
  }

  @Override
  protected void afterPump() throws Exception {
    if (watermarks.advance()) {
      super.processWatermark(new Watermark(watermarks.output()));
    }
  }
}
