package io.millrace.operators;

import io.millrace.engine.Engine;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.PromptTooLongException;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.operators.state.Pending;
import io.millrace.operators.state.Session;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.RequestKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.apache.flink.util.function.ThrowingConsumer;

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
        Flight.Handler {
  private static final long serialVersionUID = 1L;
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private final EngineProvider provider;
  private final ConversationOptions options;
  private final transient MailboxExecutor mailbox;

  private transient Inbox inbox;
  private transient History history;
  private transient RecentRequests recent;
  private transient ValueState<Session> session;
  private transient InternalTimerService<VoidNamespace> idleTimers;
  private transient InternalTimerService<VoidNamespace> deadlineTimers;
  private transient InternalTimerService<VoidNamespace> retryTimers;

  private transient Engine engine;
  private transient TurnPreparer preparer;
  private transient Completions completions;
  private transient ConversationMetrics metrics;
  private transient EngineMail mail;
  private transient WatermarkHold watermarks;
  private transient Map<String, Flight> inFlight;

  /** Conversations with a head to start, in the order in which they wait for room. */
  private transient LinkedHashSet<String> ready;

  /** Conversations whose head waits for its next attempt. */
  private transient Set<String> backingOff;

  private transient int buffered;

  ConversationOperator(
      StreamOperatorParameters<Traced<Completion>> parameters,
      EngineProvider provider,
      ConversationOptions options) {
    super(parameters);
    this.provider = provider;
    this.options = options;
    this.mailbox = parameters.getMailboxExecutor();
  }

  // ------------------------------------------------------------------ life

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    KeyedStateStore store = context.getKeyedStateStore();
    inbox = new Inbox(store);
    history = new History(store);
    recent = new RecentRequests(store, options.rememberedRequests());
    session =
        store.getState(new ValueStateDescriptor<>("session", TypeInformation.of(Session.class)));
  }

  @Override
  public void open() throws Exception {
    super.open();
    inFlight = new HashMap<>();
    ready = new LinkedHashSet<>();
    backingOff = new HashSet<>();
    watermarks = new WatermarkHold();
    mail = new EngineMail(mailbox);
    metrics =
        new ConversationMetrics(
            getMetricGroup(), () -> inFlight.size(), () -> buffered - inFlight.size());
    idleTimers = timers("idle", this::onIdle);
    deadlineTimers = timers("deadline", t -> onDeadline(t.getKey().toString()));
    retryTimers = timers("retry", t -> onRetry(t.getKey().toString()));
    engine = provider.acquire();
    preparer = new TurnPreparer(engine, options.sampling());
    completions = new Completions(engine);
    resume();
  }

  private InternalTimerService<VoidNamespace> timers(
      String name, ThrowingConsumer<InternalTimer<Object, VoidNamespace>, Exception> onTime) {
    return getInternalTimerService(
        name,
        VoidNamespaceSerializer.INSTANCE,
        new Triggerable<Object, VoidNamespace>() {
          @Override
          public void onEventTime(InternalTimer<Object, VoidNamespace> timer) {
            throw new IllegalStateException("no event-time timer is ever set");
          }

          @Override
          public void onProcessingTime(InternalTimer<Object, VoidNamespace> timer)
              throws Exception {
            onTime.accept(timer);
          }
        });
  }

  /** Starts again what was in the inboxes of the snapshot. */
  private void resume() throws Exception {
    List<Object> keys;
    try (Stream<Object> active = Inbox.activeKeys(getKeyedStateBackend())) {
      keys = active.toList();
    }
    for (Object key : keys) {
      setCurrentKey(key);
      for (long position = inbox.head(); position < inbox.tail(); position++) {
        Pending pending = inbox.get(position);
        if (pending != null) {
          buffered++;
          watermarks.hold(pending);
          metrics.restored.inc();
        }
      }
      ready.add((String) key);
    }
    pump();
  }

  /** Answers everything before a bounded input, or a drained job, ends. */
  @Override
  public void endInput() throws Exception {
    while (buffered > 0) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    // The engine may outlive this task: it must not go on working for it.
    if (mail != null) {
      mail.close();
      inFlight.values().forEach(Flight::cancel);
      inFlight.clear();
    }
    if (engine != null) {
      engine.close();
      engine = null;
    }
    super.close();
  }

  // ------------------------------------------------------------------ input

  @Override
  public void processElement(StreamRecord<SourceRecord> element) throws Exception {
    awaitRoom();
    SourceRecord source = element.getValue();
    ConversationRequest request = source.request();
    if (recent.contains(request.getRequestId())) {
      metrics.duplicates.inc();
      return;
    }
    try {
      preparer.check(request);
    } catch (InvalidRequestException e) {
      deadLetter(source, DeadLetterStage.VALIDATE, e.getMessage());
      return;
    }
    arrive(request);
    Pending pending =
        new Pending(
            source,
            element.hasTimestamp() ? element.getTimestamp() : 0,
            element.hasTimestamp(),
            0,
            false);
    if (request.getKind() == RequestKind.CANCEL) {
      cancel(request);
      emit(pending, completions.unanswered(request, 0, reason(FinishReason.CANCELLED)));
    } else {
      inbox.append(pending);
      buffered++;
      watermarks.hold(pending);
      if (request.getDeadline() != null) {
        deadlineTimers.registerProcessingTimeTimer(
            VoidNamespace.INSTANCE, request.getDeadline().toEpochMilli());
      }
    }
    makeReady(request.getConversationId());
    pump();
  }

  /** Backpressure: lets answers come in until there is room. Their mails change the current key. */
  private void awaitRoom() throws Exception {
    if (buffered >= options.maxBuffered()) {
      Object key = getCurrentKey();
      while (buffered >= options.maxBuffered()) {
        mailbox.yield();
      }
      setCurrentKey(key);
    }
  }

  private void arrive(ConversationRequest request) throws Exception {
    Session known = session.value();
    if (known == null) {
      known = Session.fresh();
      idleTimers.registerProcessingTimeTimer(
          VoidNamespace.INSTANCE, now() + options.idleTimeout().toMillis());
    }
    recent.add(request.getRequestId(), known.arrivals());
    session.update(known.arrived().touched(now()));
  }

  private void cancel(ConversationRequest cancel) throws Exception {
    String only = cancel.getCancelRequestId();
    Flight flight = inFlight.get(cancel.getConversationId());
    long tail = inbox.tail();
    for (long position = inbox.head(); position < tail; position++) {
      Pending pending = inbox.get(position);
      if (pending == null || !isTurn(pending) || !(only == null || only.equals(id(pending)))) {
        continue;
      }
      if (flight != null && flight.position == position) {
        inbox.replace(position, pending.asCancelled());
        flight.cancel();
      } else {
        end(position, pending, FinishReason.CANCELLED);
      }
    }
  }

  // ------------------------------------------------------------------ turns

  private void makeReady(String key) throws Exception {
    if (!inbox.isEmpty() && !inFlight.containsKey(key) && !backingOff.contains(key)) {
      ready.add(key);
    }
  }

  /** Starts heads while there is room in flight. Leaves the current key undefined. */
  private void pump() throws Exception {
    while (inFlight.size() < options.maxInFlight() && !ready.isEmpty()) {
      Iterator<String> first = ready.iterator();
      String key = first.next();
      first.remove();
      setCurrentKey(key);
      startHead(key);
    }
    advanceWatermark();
  }

  /** Ends what needs no engine at the head of the current conversation, then starts a turn. */
  private void startHead(String key) throws Exception {
    while (!inbox.isEmpty()) {
      long position = inbox.head();
      Pending head = inbox.get(position);
      if (!isTurn(head)) {
        reset(position, head);
      } else if (head.cancelled()) {
        end(position, head, FinishReason.CANCELLED);
      } else if (expired(head)) {
        end(position, head, FinishReason.DEADLINE);
      } else if (start(key, position, head)) {
        return;
      }
    }
  }

  /** Hands a turn to the engine; false if it was refused and is a dead letter now. */
  private boolean start(String key, long position, Pending pending) throws Exception {
    List<TokenTurn> turns = history.turns();
    Session known = session.value();
    PreparedTurn turn;
    try {
      turn = preparer.prepare(pending.source().request(), known, turns);
    } catch (PromptTooLongException e) {
      refuse(position, pending, DeadLetterStage.PROMPT, e.getMessage());
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      // Hostile text must not stop the stream, whatever it does to the tokenizer.
      LOG.warn("No prompt for request {}", id(pending), e);
      refuse(position, pending, DeadLetterStage.PROMPT, "the prompt cannot be built: " + e);
      return false;
    }
    Flight flight = new Flight(key, position, pending, turn, mail, this);
    inFlight.put(key, flight);
    try {
      flight.started(engine.submit(turn.generation(), flight));
    } catch (IllegalArgumentException e) {
      inFlight.remove(key);
      refuse(position, pending, DeadLetterStage.PROMPT, e.getMessage());
      return false;
    }
    return true;
  }

  @Override
  public void onText(Flight flight, int index, String text) {
    if (isPresent(flight)) {
      chunk(flight.pending, index, text, false);
      flight.chunkSent(index);
    }
  }

  @Override
  public void onFinished(Flight flight, GenerationResult result) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    inFlight.remove(flight.key);
    setCurrentKey(flight.key);
    Session known = session.value();
    PreparedTurn turn = flight.turn;
    // An answer that came too late or was cut short is no part of the conversation.
    if (result.finishReason() == FinishReason.STOP
        || result.finishReason() == FinishReason.LENGTH) {
      known = remember(turn, new TokenTurn(turn.query(), result.tokens()), known);
    }
    session.update(known.touched(now()));
    metrics.answered(result);
    if (flight.streams()) {
      chunk(flight.pending, flight.nextChunk(), "", true);
    }
    remove(flight.position, flight.pending);
    emit(
        flight.pending,
        completions.answered(
            flight.pending.source().request(), turn.number(), turn.droppedTurns(), result));
    makeReady(flight.key);
    pump();
  }

  /** Makes an answered turn part of the history; returns the session that goes with it. */
  private Session remember(PreparedTurn turn, TokenTurn answered, Session known) throws Exception {
    List<TokenTurn> turns = new ArrayList<>(turn.history());
    turns.add(answered);
    int excess = History.excess(turns, engine.maxSequenceLength());
    if (turn.replacesHistory() || excess > 0) {
      history.replace(turns.subList(excess, turns.size()));
    } else {
      history.append(answered);
    }
    int trimmed = (turn.replacesHistory() ? 0 : known.trimmedTurns()) + excess;
    return known.speaking(turn.system(), turn.systemIds()).trimmed(trimmed);
  }

  @Override
  public void onError(Flight flight, Throwable error) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    inFlight.remove(flight.key);
    setCurrentKey(flight.key);
    Pending failed = inbox.get(flight.position).failedOnce();
    LOG.warn("Attempt {} at request {} failed", failed.attempts(), id(failed), error);
    if (failed.attempts() >= options.maxAttempts()) {
      refuse(
          flight.position,
          failed,
          DeadLetterStage.GENERATE,
          "the engine failed " + failed.attempts() + " times, at last with: " + error);
      makeReady(flight.key);
    } else if (failed.cancelled()) {
      end(flight.position, failed, FinishReason.CANCELLED);
      makeReady(flight.key);
    } else {
      metrics.retries.inc();
      inbox.replace(flight.position, failed);
      backingOff.add(flight.key);
      retryTimers.registerProcessingTimeTimer(
          VoidNamespace.INSTANCE, now() + backoffMillis(failed.attempts()));
    }
    pump();
  }

  private long backoffMillis(int attempts) {
    long millis = options.retryBackoff().toMillis() << Math.min(attempts - 1, 16);
    return Math.min(millis, MAX_BACKOFF_MILLIS);
  }

  private boolean isPresent(Flight flight) {
    boolean present = inFlight.get(flight.key) == flight;
    if (!present) {
      metrics.staleEvents.inc();
    }
    return present;
  }

  // ------------------------------------------------------------------ ends

  private void reset(long position, Pending pending) throws Exception {
    history.clear();
    session.update(session.value().reset());
    remove(position, pending);
    emit(
        pending,
        completions.unanswered(
            pending.source().request(), 0, io.millrace.schemas.FinishReason.RESET));
  }

  /** Ends a turn that is not in the engine with an empty answer. */
  private void end(long position, Pending pending, FinishReason reason) throws Exception {
    if (position == inbox.head()) {
      backingOff.remove(pending.source().conversationId());
    }
    int turn = history.turns().size() + 1 + session.value().trimmedTurns();
    if (pending.source().request().getStream()) {
      chunk(pending, 0, "", true);
    }
    remove(position, pending);
    emit(pending, completions.unanswered(pending.source().request(), turn, reason(reason)));
  }

  private void refuse(long position, Pending pending, DeadLetterStage stage, String error)
      throws Exception {
    remove(position, pending);
    recent.forget(id(pending));
    deadLetter(pending.source(), stage, error);
  }

  private void remove(long position, Pending pending) throws Exception {
    inbox.remove(position);
    buffered--;
    watermarks.release(pending);
  }

  // ------------------------------------------------------------------ time

  private void onDeadline(String key) throws Exception {
    Flight flight = inFlight.get(key);
    long tail = inbox.tail();
    for (long position = inbox.head(); position < tail; position++) {
      Pending pending = inbox.get(position);
      // The engine watches the deadline of what it works on.
      boolean flying = flight != null && flight.position == position;
      if (pending != null && !flying && isTurn(pending) && expired(pending)) {
        end(position, pending, FinishReason.DEADLINE);
      }
    }
    makeReady(key);
    pump();
  }

  private void onRetry(String key) throws Exception {
    if (backingOff.remove(key)) {
      makeReady(key);
      pump();
    }
  }

  private void onIdle(InternalTimer<Object, VoidNamespace> timer) throws Exception {
    Session known = session.value();
    if (known == null) {
      return;
    }
    long due = known.lastActivity() + options.idleTimeout().toMillis();
    if (due > now() || !inbox.isEmpty()) {
      long again = Math.max(due, now() + options.idleTimeout().toMillis() / 10 + 1);
      idleTimers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, again);
      return;
    }
    history.clear();
    recent.clear();
    session.clear();
  }

  private boolean expired(Pending pending) {
    var deadline = pending.source().request().getDeadline();
    return deadline != null && deadline.toEpochMilli() <= now();
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

  // ------------------------------------------------------------------ output

  private void emit(Pending pending, Completion completion) {
    metrics.completions.inc();
    output.collect(stamped(pending, completion));
  }

  private void chunk(Pending pending, int index, String text, boolean last) {
    ConversationRequest request = pending.source().request();
    CompletionChunk chunk =
        new CompletionChunk(request.getRequestId(), request.getConversationId(), index, text, last);
    collect(Outputs.CHUNKS, stamped(pending, chunk));
  }

  private void deadLetter(SourceRecord source, DeadLetterStage stage, String error) {
    metrics.deadLetters.inc();
    collect(Outputs.DEAD_LETTERS, new StreamRecord<>(DeadLetters.of(source, stage, error)));
  }

  private <T> void collect(OutputTag<T> tag, StreamRecord<T> record) {
    output.collect(tag, record);
  }

  private static <T> StreamRecord<Traced<T>> stamped(Pending pending, T record) {
    StreamRecord<Traced<T>> element =
        new StreamRecord<>(new Traced<>(record, pending.source().traceparent()));
    if (pending.hasTimestamp()) {
      element.setTimestamp(pending.timestamp());
    }
    return element;
  }

  private static boolean isTurn(Pending pending) {
    return pending.source().request().getKind() == RequestKind.TURN;
  }

  private static String id(Pending pending) {
    return pending.source().request().getRequestId();
  }

  private static io.millrace.schemas.FinishReason reason(FinishReason reason) {
    return io.millrace.schemas.FinishReason.valueOf(reason.name());
  }
}
