package io.millrace.operators.conversation;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.serving.EngineLink;
import io.millrace.operators.serving.EngineMail;
import io.millrace.operators.serving.RetryPolicy;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the heads of the inboxes to the engine and their answers back, one turn of a conversation
 * at a time. A conversation with work waits for a place in the engine, is in it, or waits for the
 * next attempt at its head; all of this is in memory and is rebuilt from the inboxes.
 */
final class TurnDispatcher implements InFlightTurn.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(TurnDispatcher.class);

  private final ConversationState conversation;
  private final Inbox inbox;
  private final TurnIndex index;
  private final Endings endings;
  private final EngineLink<TurnPreparer> link;
  private final EngineMail mail;
  private final Emitter emitter;
  private final RetryPolicy<String> retries;
  private final ConversationMetrics metrics;
  private final Consumer<String> currentKey;
  private final LongSupplier clock;
  private final Map<String, Ticket> entering = new HashMap<>();
  private final Map<String, InFlightTurn> flying = new HashMap<>();

  TurnDispatcher(
      ConversationState conversation,
      TurnIndex index,
      Endings endings,
      EngineLink<TurnPreparer> link,
      EngineMail mail,
      Emitter emitter,
      RetryPolicy<String> retries,
      ConversationMetrics metrics,
      Consumer<String> currentKey,
      LongSupplier clock) {
    this.conversation = conversation;
    this.inbox = conversation.inbox;
    this.index = index;
    this.endings = endings;
    this.link = link;
    this.mail = mail;
    this.emitter = emitter;
    this.retries = retries;
    this.metrics = metrics;
    this.currentKey = currentKey;
    this.clock = clock;
  }

  /** How many turns are in the engine. */
  int flying() {
    return flying.size();
  }

  /**
   * Moves the current conversation on: ends what needs no engine at its head, then lets the head
   * enter the engine.
   */
  void advance(String key) throws Exception {
    while (!inbox.isEmpty()
        && !flying.containsKey(key)
        && !entering.containsKey(key)
        && !retries.isWaiting(key)) {
      long position = inbox.head();
      Pending head = inbox.get(position);
      if (!head.isTurn()) {
        endings.reset(position, head);
      } else if (head.cancelled()) {
        endings.unanswered(position, head, FinishReason.CANCELLED);
      } else if (head.isExpired(clock.getAsLong())) {
        endings.unanswered(position, head, FinishReason.DEADLINE);
      } else {
        enter(key, position, head);
      }
    }
  }

  private void enter(String key, long position, Pending head) throws Exception {
    renew();
    ConversationRequest request = head.request();
    Ticket ticket =
        link.engine()
            .admission()
            .enter(
                request.getPriority(),
                request.getTenant(),
                head.suspect(),
                () -> mail.post(() -> granted(key)));
    if (ticket.take()) {
      start(key, position, head, ticket);
    } else {
      entering.put(key, ticket);
    }
  }

  /** What waited for a place in an engine that has died waits for one in the next. */
  private void renew() throws Exception {
    if (!link.renew()) {
      return;
    }
    metrics.engineDeaths.inc();
    List<String> waiting = new ArrayList<>(entering.keySet());
    // Other tasks may wait behind these, and hear of the death only by their turn.
    entering.values().forEach(Ticket::close);
    entering.clear();
    waiting.forEach(key -> mail.post(() -> wake(key)));
  }

  private void wake(String key) throws Exception {
    currentKey.accept(key);
    advance(key);
  }

  private void granted(String key) throws Exception {
    Ticket ticket = entering.get(key);
    if (ticket == null || !ticket.take()) {
      return;
    }
    entering.remove(key);
    currentKey.accept(key);
    long position = inbox.head();
    Pending head = inbox.get(position);
    if (head.isExpired(clock.getAsLong())) {
      ticket.close();
    } else {
      start(key, position, head, ticket);
    }
    advance(key);
  }

  /** Hands a turn to the engine, or makes it a dead letter. */
  private void start(String key, long position, Pending head, Ticket ticket) throws Exception {
    PreparedTurn turn;
    try {
      turn = link.preparer().prepare(head.request(), conversation.session(), conversation.turns());
    } catch (RuntimeException | StackOverflowError e) {
      ticket.close();
      endings.refused(position, head, DeadLetterStage.PROMPT, noPrompt(head, e));
      return;
    }
    InFlightTurn flight = new InFlightTurn(key, position, head, turn, ticket, mail, this);
    flying.put(key, flight);
    ticket.charge(turn.generation().prompt().length);
    try {
      flight.started(link.engine().submit(turn.generation(), flight));
    } catch (IllegalArgumentException e) {
      finish(flight);
      endings.refused(position, head, DeadLetterStage.PROMPT, e.getMessage());
    } catch (RuntimeException e) {
      flight.onError(e);
    }
  }

  private static String noPrompt(Pending head, Throwable e) {
    if (e instanceof IllegalArgumentException) {
      return e.getMessage();
    }
    // Hostile text must not stop the stream, whatever it does to the tokenizer.
    LOG.warn("No prompt for request {}", SafeText.value(head.id()), e);
    return "the prompt cannot be built: " + e;
  }

  @Override
  public void onText(InFlightTurn flight, int index, String text) {
    if (isPresent(flight)) {
      emitter.chunk(flight.pending, index, text, false);
      flight.chunkSent(index);
    }
  }

  @Override
  public void onFinished(InFlightTurn flight, GenerationResult result) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    flight.ticket.charge(result.usage().completionTokens() - result.usage().cachedTokens());
    finish(flight);
    link.answered();
    conversation.touch(clock.getAsLong());
    endings.answered(flight, result, link.engine().maxSequenceLength());
    advance(flight.key);
  }

  @Override
  public void onError(InFlightTurn flight, Throwable error) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    finish(flight);
    boolean died = error instanceof EngineStoppedException;
    Pending head = inbox.get(flight.position);
    if (died && !((EngineStoppedException) error).isSuspect()) {
      LOG.info("Request {} goes to another engine.", SafeText.value(head.id()));
    } else {
      failed(flight, head.failedOnce(died), error);
    }
    advance(flight.key);
  }

  private void failed(InFlightTurn flight, Pending failed, Throwable error) throws Exception {
    LOG.warn(
        "Attempt {} at request {} failed", failed.attempts(), SafeText.value(failed.id()), error);
    // Of an engine's death only who was alone with it is guilty.
    boolean proven = !(error instanceof EngineStoppedException) || flight.pending.suspect();
    if (failed.cancelled()) {
      endings.unanswered(flight.position, failed, FinishReason.CANCELLED);
    } else if (proven && failed.attempts() >= retries.maxAttempts()) {
      endings.refused(
          flight.position,
          failed,
          DeadLetterStage.GENERATE,
          "the engine failed " + failed.attempts() + " times, at last with: " + error);
    } else {
      metrics.retries.inc();
      inbox.replace(flight.position, failed);
      retries.waitForNext(flight.key, failed.attempts());
    }
  }

  private void finish(InFlightTurn flight) {
    flying.remove(flight.key);
    flight.ticket.close();
    currentKey.accept(flight.key);
  }

  private boolean isPresent(InFlightTurn flight) {
    boolean present = flying.get(flight.key) == flight;
    if (!present) {
      metrics.staleEvents.inc();
    }
    return present;
  }

  /**
   * Ends the current conversation's turns, or one of them; the one in the engine hears of it there.
   *
   * @param only its request id; null for all
   */
  void cancel(String key, String only) throws Exception {
    InFlightTurn flight = flying.get(key);
    for (long position : only == null ? index.of(key) : index.of(key, only)) {
      Pending pending = inbox.get(position);
      if (flight != null && flight.position == position) {
        inbox.replace(position, pending.asCancelled());
        flight.cancel();
      } else {
        endWaiting(key, position, pending, FinishReason.CANCELLED);
      }
    }
  }

  /** Ends a turn of the current conversation if it waits and is late at a time. */
  void expire(String key, long position, long time) throws Exception {
    InFlightTurn flight = flying.get(key);
    // The engine watches the deadline of what it works on.
    if (flight != null && flight.position == position) {
      return;
    }
    Pending pending = inbox.get(position);
    if (pending != null && pending.isTurn() && pending.isExpired(time)) {
      endWaiting(key, position, pending, FinishReason.DEADLINE);
    }
  }

  /** Its place, or its wait for the next attempt, is not that of the turn behind it. */
  private void endWaiting(String key, long position, Pending pending, FinishReason reason)
      throws Exception {
    if (position == inbox.head()) {
      retries.forget(key);
      Ticket ticket = entering.remove(key);
      if (ticket != null) {
        ticket.close();
      }
    }
    endings.unanswered(position, pending, reason);
  }

  /** Takes back all that is in the engine: it may outlive this task and must not work for it. */
  void abandon() {
    entering.values().forEach(Ticket::close);
    entering.clear();
    flying.values().forEach(InFlightTurn::abandon);
    flying.clear();
  }
}
