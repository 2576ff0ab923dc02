package io.millrace.operators.conversation;

import io.millrace.engine.Engine;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.flow.FlowReporter;
import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.RequestContent;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.BufferLimit;
import io.millrace.operators.serving.EngineLink;
import io.millrace.operators.serving.EngineMail;
import io.millrace.operators.serving.EngineMetrics;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.operators.serving.RetryPolicy;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.RequestKind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
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
 * events of the engine come through the mailbox, and an event of a flight that is no longer its
 * conversation's present one is dropped.
 */
public final class ConversationOperator extends AbstractStreamOperator<Traced<Completion>>
    implements OneInputStreamOperator<SourceRecord, Traced<Completion>>,
        BoundedOneInput,
        ConversationTimers.Handler {
  private static final long serialVersionUID = 1L;

  private final EngineProvider provider;
  private final ConversationOptions options;
  private final FlowControl control;
  private final transient MailboxExecutor mailbox;

  private transient ConversationState conversation;
  private transient TokenIdentity tokens;
  private transient EngineLink<TurnPreparer> link;
  private transient EngineMail mail;
  private transient ConversationTimers timers;
  private transient ConversationMetrics metrics;
  private transient WatermarkHold watermarks;
  private transient FlowReporter flow;
  private transient BufferLimit room;
  private transient Backlog backlog;
  private transient Emitter emitter;
  private transient RetryPolicy<String> retries;
  private transient TurnDispatcher turns;

  ConversationOperator(
      StreamOperatorParameters<Traced<Completion>> parameters,
      EngineProvider provider,
      ConversationOptions options,
      FlowControl control) {
    super(parameters);
    this.provider = provider;
    this.options = options;
    this.control = control;
    this.mailbox = parameters.getMailboxExecutor();
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
  public void open() throws Exception {
    super.open();
    watermarks = new WatermarkHold();
    mail = new EngineMail(mailbox, this::advanceWatermark);
    timers = new ConversationTimers(this::getInternalTimerService, this);
    flow = control.join(getRuntimeContext());
    room = new BufferLimit(options.maxBuffered(), options.maxBufferedBytes(), flow);
    TurnIndex index = new TurnIndex();
    backlog = new Backlog(conversation.inbox, room, index, timers, watermarks);
    link = new EngineLink<>(provider, options.maxAttempts(), this::prepare);
    metrics =
        new ConversationMetrics(
            getMetricGroup(),
            () -> turns.flying(),
            () -> room.records() - turns.flying(),
            room::bytes);
    EngineMetrics.register(getMetricGroup(), link::engine);
    emitter = new Emitter(output, new Completions(link::engine), metrics);
    retries =
        new RetryPolicy<>(
            options.maxAttempts(),
            options.retryBackoff(),
            (key, time) -> timers.retryAt(time),
            this::now);
    turns =
        new TurnDispatcher(
            conversation,
            index,
            new Endings(conversation, backlog, emitter),
            link,
            mail,
            emitter,
            retries,
            metrics,
            this::setCurrentKey,
            this::now);
    link.open(getRuntimeContext().getTaskInfo().getAttemptNumber() == 0);
    resume();
  }

  private TurnPreparer prepare(Engine engine) throws Exception {
    tokens.check(engine);
    return new TurnPreparer(engine, options.sampling());
  }

  /** Starts again what was in the inboxes of the snapshot. */
  private void resume() throws Exception {
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

  /** Answers everything before a bounded input, or a drained job, ends. */
  @Override
  public void endInput() throws Exception {
    while (room.records() > 0) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    if (mail != null) {
      mail.close();
    }
    if (turns != null) {
      turns.abandon();
    }
    if (link != null) {
      link.close();
    }
    if (flow != null) {
      flow.close();
    }
    super.close();
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
      emitter.deadLetter(source, DeadLetterStage.VALIDATE, e.getMessage());
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
      emitter.unanswered(pending, 0, FinishReason.CANCELLED);
    } else if (pending.isExpired(now())) {
      emitter.unanswered(pending, conversation.nextTurn(), FinishReason.DEADLINE);
    } else {
      backlog.add(pending);
    }
    turns.advance(request.getConversationId());
    advanceWatermark();
  }

  private void repeated(SourceRecord source, boolean same) {
    if (same) {
      metrics.duplicates.inc();
    } else {
      emitter.deadLetter(
          source,
          DeadLetterStage.VALIDATE,
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
    advanceWatermark();
  }

  @Override
  public void onRetry(String key, long time) throws Exception {
    retries.onTimer(key, time);
    turns.advance(key);
    advanceWatermark();
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

  private long now() {
    return getProcessingTimeService().getCurrentProcessingTime();
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    watermarks.arrived(mark.getTimestamp());
    advanceWatermark();
  }

  private void advanceWatermark() throws Exception {
    if (watermarks.advance()) {
      super.processWatermark(new Watermark(watermarks.output()));
    }
  }
}
