package io.millrace.operators;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.chat.TokenTurn;
import io.millrace.operators.state.Pending;
import io.millrace.operators.state.SeenRequest;
import io.millrace.operators.state.Session;
import io.millrace.schemas.Completion;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import io.millrace.schemas.RequestKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Flight.Handler,
        ConversationTimers.Handler {
  private static final long serialVersionUID = 1L;
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private final EngineProvider provider;
  private final ConversationOptions options;
  private final transient MailboxExecutor mailbox;

  private transient ConversationState conversation;
  private transient Inbox inbox;
  private transient TokenIdentity tokens;
  private transient ConversationTimers timers;
  private transient Engine engine;
  private transient TurnPreparer preparer;
  private transient Emitter emitter;
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
    conversation =
        new ConversationState(context.getKeyedStateStore(), options.rememberedRequests());
    inbox = conversation.inbox;
    tokens = new TokenIdentity(context.getOperatorStateStore());
  }

  @Override
  public void open() throws Exception {
    super.open();
    inFlight = new HashMap<>();
    ready = new LinkedHashSet<>();
    backingOff = new HashSet<>();
    watermarks = new WatermarkHold();
    mail = new EngineMail(mailbox);
    timers = new ConversationTimers(this::getInternalTimerService, this);
    metrics =
        new ConversationMetrics(
            getMetricGroup(), () -> inFlight.size(), () -> buffered - inFlight.size());
    engine = provider.acquire();
    EngineMetrics.register(getMetricGroup(), engine);
    tokens.check(engine);
    preparer = new TurnPreparer(engine, options.sampling());
    emitter = new Emitter(output, new Completions(engine), metrics);
    resume();
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
    long content = RequestContent.hash(request);
    SeenRequest seen = conversation.seen(request.getRequestId());
    if (seen != null) {
      repeated(source, seen.content() == content);
      return;
    }
    try {
      preparer.check(request);
    } catch (InvalidRequestException e) {
      emitter.deadLetter(source, DeadLetterStage.VALIDATE, e.getMessage());
      return;
    }
    if (conversation.arrived(request.getRequestId(), content, now())) {
      timers.idleAt(now() + options.idleTimeout().toMillis());
    }
    boolean timed = element.hasTimestamp();
    Pending pending = new Pending(source, timed ? element.getTimestamp() : 0, timed, 0, false);
    if (request.getKind() == RequestKind.CANCEL) {
      cancel(request);
      emitter.unanswered(pending, 0, FinishReason.CANCELLED);
    } else {
      long position = inbox.append(pending);
      buffered++;
      watermarks.hold(pending);
      if (request.getDeadline() != null) {
        timers.deadlineAt(position, request.getDeadline().toEpochMilli());
      }
    }
    makeReady(request.getConversationId());
    pump();
  }

  private void repeated(SourceRecord source, boolean same) {
    if (same) {
      metrics.duplicates.inc();
    } else {
      emitter.deadLetter(
          source,
          DeadLetterStage.VALIDATE,
          "request_id is "
              + Shown.value(source.request().getRequestId())
              + ", with which the conversation has had a request of other content: give each its"
              + " own id");
    }
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

  private void cancel(ConversationRequest cancel) throws Exception {
    String only = cancel.getCancelRequestId();
    Flight flight = inFlight.get(cancel.getConversationId());
    long tail = inbox.tail();
    for (long position = inbox.head(); position < tail; position++) {
      Pending pending = inbox.get(position);
      if (pending == null || !pending.isTurn() || (only != null && !only.equals(pending.id()))) {
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
      if (!head.isTurn()) {
        conversation.reset();
        remove(position, head);
        emitter.unanswered(head, 0, FinishReason.RESET);
      } else if (head.cancelled()) {
        end(position, head, FinishReason.CANCELLED);
      } else if (head.isExpired(now())) {
        end(position, head, FinishReason.DEADLINE);
      } else if (start(key, position, head)) {
        return;
      }
    }
  }

  /** Hands a turn to the engine; false if it was refused and is a dead letter now. */
  private boolean start(String key, long position, Pending pending) throws Exception {
    List<TokenTurn> turns = conversation.turns();
    Session session = conversation.session();
    PreparedTurn turn;
    try {
      turn = preparer.prepare(pending.request(), session, turns);
    } catch (IllegalArgumentException e) {
      refuse(position, pending, DeadLetterStage.PROMPT, e.getMessage());
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      // Hostile text must not stop the stream, whatever it does to the tokenizer.
      LOG.warn("No prompt for request {}", Shown.value(pending.id()), e);
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
    } catch (EngineStoppedException e) {
      // The engine is closed. A restart of the job opens another; a dead letter would lose work.
      throw e;
    } catch (RuntimeException e) {
      flight.onError(e);
    }
    return true;
  }

  @Override
  public void onText(Flight flight, int index, String text) {
    if (isPresent(flight)) {
      emitter.chunk(flight.pending, index, text, false);
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
    conversation.touch(now());
    Completion answer = emitter.answer(flight, result);
    int bytes = RecordSize.of(answer);
    if (bytes > RecordSize.MAX_COMPLETION) {
      refuse(flight.position, flight.pending, DeadLetterStage.EMIT, tooLong(bytes));
    } else {
      // An answer that came too late or was cut short is no part of the conversation.
      if (Completions.isWhole(result)) {
        conversation.answered(flight.turn, result.tokens(), engine.maxSequenceLength());
      }
      remove(flight.position, flight.pending);
      emitter.answered(flight, result, answer);
    }
    makeReady(flight.key);
    pump();
  }

  @Override
  public void onError(Flight flight, Throwable error) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    if (error instanceof EngineStoppedException stopped) {
      // No fault of the request, so no attempt of it: a restart of the job opens another engine.
      throw stopped;
    }
    inFlight.remove(flight.key);
    setCurrentKey(flight.key);
    Pending failed = inbox.get(flight.position).failedOnce();
    LOG.warn("Attempt {} at request {} failed", failed.attempts(), Shown.value(failed.id()), error);
    if (failed.cancelled()) {
      end(flight.position, failed, FinishReason.CANCELLED);
    } else if (failed.attempts() >= options.maxAttempts()) {
      refuse(
          flight.position,
          failed,
          DeadLetterStage.GENERATE,
          "the engine failed " + failed.attempts() + " times, at last with: " + error);
    } else {
      metrics.retries.inc();
      inbox.replace(flight.position, failed);
      backingOff.add(flight.key);
      timers.retryAt(now() + backoffMillis(failed.attempts()));
    }
    makeReady(flight.key);
    pump();
  }

  private static String tooLong(int bytes) {
    return "the answer has "
        + bytes
        + " bytes, a record at most "
        + RecordSize.MAX_COMPLETION
        + ": lower sampling.max_new_tokens, sampling.top_logprobs or the number of"
        + " sampling.logprob_token_ids";
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

  /** Ends a turn that is not in the engine with an empty answer. */
  private void end(long position, Pending pending, FinishReason reason) throws Exception {
    if (position == inbox.head()) {
      backingOff.remove(pending.source().conversationId());
    }
    int turn = conversation.nextTurn();
    remove(position, pending);
    emitter.unanswered(pending, turn, reason);
  }

  private void refuse(long position, Pending pending, DeadLetterStage stage, String error)
      throws Exception {
    remove(position, pending);
    conversation.unsee(pending.id());
    emitter.deadLetter(pending.source(), stage, error);
  }

  private void remove(long position, Pending pending) throws Exception {
    inbox.remove(position);
    buffered--;
    watermarks.release(pending);
    Instant deadline = pending.request().getDeadline();
    if (deadline != null) {
      timers.noDeadlineAt(position, deadline.toEpochMilli());
    }
  }

  // ------------------------------------------------------------------ time

  @Override
  public void onDeadline(String key) throws Exception {
    Flight flight = inFlight.get(key);
    long tail = inbox.tail();
    for (long position = inbox.head(); position < tail; position++) {
      Pending pending = inbox.get(position);
      // The engine watches the deadline of what it works on.
      boolean flying = flight != null && flight.position == position;
      if (pending != null && !flying && pending.isTurn() && pending.isExpired(now())) {
        end(position, pending, FinishReason.DEADLINE);
      }
    }
    makeReady(key);
    pump();
  }

  @Override
  public void onRetry(String key) throws Exception {
    if (backingOff.remove(key)) {
      makeReady(key);
      pump();
    }
  }

  /** One timer a conversation: it looks when it fires whether there was a request since. */
  @Override
  public void onIdle() throws Exception {
    Session session = conversation.session();
    long timeout = options.idleTimeout().toMillis();
    if (session.lastActivity() + timeout > now()) {
      timers.idleAt(session.lastActivity() + timeout);
    } else if (!inbox.isEmpty()) {
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
