package io.millrace.operators.conversation;

import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.record.RecordSize;
import io.millrace.schemas.Completion;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;

/** The ways in which a request of the current conversation ends; each leaves the inbox. */
final class Endings {
  private final ConversationState conversation;
  private final Backlog backlog;
  private final Emitter emitter;

  Endings(ConversationState conversation, Backlog backlog, Emitter emitter) {
    this.conversation = conversation;
    this.backlog = backlog;
    this.emitter = emitter;
  }

  /** With the engine's answer, which becomes part of the conversation if it is whole. */
  void answered(InFlightTurn flight, GenerationResult result, int maxTokens) throws Exception {
    Completion answer = emitter.answer(flight, result);
    int bytes = RecordSize.of(answer);
    if (bytes > RecordSize.MAX_ANSWER) {
      refused(flight.position, flight.pending, DeadLetterStage.EMIT, tooLong(bytes));
      return;
    }
    if (Completions.isWhole(result)) {
      conversation.answered(flight.turn, result.tokens(), maxTokens);
    }
    backlog.remove(flight.position, flight.pending);
    emitter.answered(flight, result, answer);
  }

  /** Without an answer. */
  void unanswered(long position, Pending pending, FinishReason reason) throws Exception {
    int turn = conversation.nextTurn();
    backlog.remove(position, pending);
    emitter.unanswered(pending, turn, reason);
  }

  void reset(long position, Pending pending) throws Exception {
    conversation.reset();
    backlog.remove(position, pending);
    emitter.unanswered(pending, 0, FinishReason.RESET);
  }

  /** As a dead letter; its id may come again. */
  void refused(long position, Pending pending, DeadLetterStage stage, String error)
      throws Exception {
    backlog.remove(position, pending);
    conversation.unsee(pending.id());
    emitter.refused(pending, stage, error);
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
