package io.millrace.operators.conversation;

import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.serving.DispatchHandler;
import io.millrace.operators.serving.EngineDispatcher;
import io.millrace.operators.serving.EngineLink;
import io.millrace.operators.serving.Lane;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import java.util.function.LongSupplier;

/**
 * Tells which turn of a conversation is next, one at a time: that at the head of the inbox. What
 * ends leaves the inbox, and the one behind it follows.
 */
final class TurnHandler implements DispatchHandler<String, TurnAttempt> {
  private final ConversationState conversation;
  private final Inbox inbox;
  private final TurnIndex index;
  private final Endings endings;
  private final Emitter emitter;
  private final EngineLink<TurnPreparer> link;
  private final LongSupplier clock;
  private EngineDispatcher<String, TurnAttempt> dispatcher;

  TurnHandler(
      ConversationState conversation,
      TurnIndex index,
      Endings endings,
      Emitter emitter,
      EngineLink<TurnPreparer> link,
      LongSupplier clock) {
    this.conversation = conversation;
    this.inbox = conversation.inbox;
    this.index = index;
    this.endings = endings;
    this.emitter = emitter;
    this.link = link;
    this.clock = clock;
  }

  /** Must be called once, before all else. */
  void use(EngineDispatcher<String, TurnAttempt> turns) {
    dispatcher = turns;
  }

  /**
   * Moves the current conversation on: ends what needs no engine at its head, then lets the head
   * wait for a place in the engine.
   */
  void advance(String key) throws Exception {
    while (!inbox.isEmpty() && !dispatcher.holds(key)) {
      long position = inbox.head();
      Pending head = inbox.get(position);
      if (!head.isTurn()) {
        endings.endReset(position, head);
      } else if (head.cancelled()) {
        endings.endUnanswered(position, head, FinishReason.CANCELLED);
      } else if (head.isExpired(clock.getAsLong())) {
        endings.endUnanswered(position, head, FinishReason.DEADLINE);
      } else {
        ConversationRequest request = head.request();
        dispatcher.add(
            key, new Lane<>(request.getPriority(), request.getTenant(), head.suspect(), key));
      }
    }
  }

  @Override
  public TurnAttempt prepare(String key) throws Exception {
    long position = inbox.head();
    Pending head = inbox.get(position);
    if (head.isExpired(clock.getAsLong())) {
      return null;
    }
    PreparedTurn turn =
        link.preparer().prepare(head.request(), conversation.session(), conversation.turns());
    return new TurnAttempt(position, head, turn);
  }

  @Override
  public void onReady(String key) throws Exception {
    advance(key);
  }

  @Override
  public void onText(String key, TurnAttempt attempt, int chunk, String text) {
    emitter.emitChunk(attempt.pending, chunk, text, false);
    attempt.chunkSent(chunk);
  }

  @Override
  public void onAnswered(String key, TurnAttempt attempt, GenerationResult result)
      throws Exception {
    conversation.touch(clock.getAsLong());
    endings.endAnswered(attempt, result, link.engine().maxSequenceLength());
    advance(key);
  }

  @Override
  public void onRefused(String key, DeadLetterStage stage, String error) throws Exception {
    long position = inbox.head();
    Pending head = inbox.get(position);
    // A CANCEL came meanwhile: then it ends as cancelled, whatever went wrong.
    if (!head.cancelled()) {
      endings.endRefused(position, head, stage, error);
    }
    advance(key);
  }

  @Override
  public boolean onFailed(String key, TurnAttempt attempt, boolean engineDied) throws Exception {
    Pending head = inbox.get(attempt.position);
    if (head.cancelled()) {
      return false;
    }
    inbox.replace(attempt.position, head.failedOnce(engineDied));
    return true;
  }

  /**
   * Ends the current conversation's turns, or one of them; the one in the engine hears of it there.
   *
   * @param only its request id; null for all
   */
  void cancel(String key, String only) throws Exception {
    TurnAttempt running = dispatcher.running(key);
    for (long position : only == null ? index.of(key) : index.of(key, only)) {
      Pending pending = inbox.get(position);
      if (running != null && running.position == position) {
        inbox.replace(position, pending.asCancelled());
        dispatcher.cancel(key);
      } else {
        endWaiting(key, position, pending, FinishReason.CANCELLED);
      }
    }
  }

  /** Ends a turn of the current conversation if it waits and is late at a time. */
  void expire(String key, long position, long time) throws Exception {
    TurnAttempt running = dispatcher.running(key);
    // The engine watches the deadline of what it works on.
    if (running != null && running.position == position) {
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
      dispatcher.forget(key);
    }
    endings.endUnanswered(position, pending, reason);
  }
}
