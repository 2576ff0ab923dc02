package io.millrace.operators.conversation;

import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.SourceRecord;
import io.millrace.schemas.Completion;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;

/**
 * Decides how a request of the current conversation ends and what that does to the conversation;
 * {@link Completions} words it and {@link Emitter} writes it. What is in the inbox leaves it.
 */
final class Endings {
  private final ConversationState conversation;
  private final Backlog backlog;
  private final Completions completions;
  private final Emitter emitter;
  private final ConversationMetrics metrics;

  Endings(
      ConversationState conversation,
      Backlog backlog,
      Completions completions,
      Emitter emitter,
      ConversationMetrics metrics) {
    this.conversation = conversation;
    this.backlog = backlog;
    this.completions = completions;
    this.emitter = emitter;
    this.metrics = metrics;
  }

  /**
   * Ends a turn with the engine's answer, which becomes part of the conversation if it is whole.
   */
  void endAnswered(TurnAttempt attempt, GenerationResult result, int maxTokens) throws Exception {
    Pending pending = attempt.pending;
    PreparedTurn turn = attempt.turn;
    Completion completion =
        completions.ofAnswer(pending.request(), turn.number(), turn.droppedTurns(), result);
    int bytes = RecordSize.of(completion);
    if (bytes > RecordSize.MAX_ANSWER) {
      endRefused(attempt.position, pending, DeadLetterStage.EMIT, tooLong(bytes));
      return;
    }
    boolean whole = Completions.isWhole(result);
    if (whole) {
      conversation.append(turn, result.tokens(), maxTokens);
    }
    backlog.remove(attempt.position, pending);
    metrics.countAnswer(result);
    emitter.emit(pending, completion, whole ? attempt.nextChunk() : Emitter.CUT_SHORT);
  }

  /** Ends a turn without an answer. */
  void endUnanswered(long position, Pending pending, FinishReason reason) throws Exception {
    int turn = conversation.nextTurn();
    backlog.remove(position, pending);
    endAtOnce(pending, turn, reason);
  }

  /** Ends a RESET: the conversation begins from nothing. */
  void endReset(long position, Pending pending) throws Exception {
    conversation.reset();
    backlog.remove(position, pending);
    endAtOnce(pending, 0, FinishReason.RESET);
  }

  /** Ends a request as a dead letter; its id may come again. */
  void endRefused(long position, Pending pending, DeadLetterStage stage, String error)
      throws Exception {
    backlog.remove(position, pending);
    conversation.unsee(pending.id());
    emitter.emitRefusal(pending, stage, error);
  }

  /** Ends a request that has not been in the inbox, or is in it no more. */
  void endAtOnce(Pending pending, int turn, FinishReason reason) {
    emitter.emit(
        pending, completions.ofNoAnswer(pending.request(), turn, reason), Emitter.CUT_SHORT);
  }

  /** Refuses a record that has not become a request of the conversation. */
  void refuseAtOnce(SourceRecord source, String error) {
    emitter.emitDeadLetter(source, DeadLetterStage.VALIDATE, error);
  }

  private static String tooLong(int bytes) {
    return "the answer has "
        + bytes
        + " bytes, a record at most "
        + RecordSize.MAX_ANSWER
        + ": lower sampling.max_new_tokens, sampling.top_logprobs or the number of"
        + " sampling.logprob_token_ids";
  }
}
