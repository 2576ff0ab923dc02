package io.millrace.operators.conversation;

import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.FinishReason;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Sends on what the conversation operator has for its readers. */
final class Emitter {
  /**
   * Index of the chunk that closes a stream without a whole answer. Before a failure, or in an
   * earlier attempt, more may have been sent than is known here, so it must be above all of it.
   */
  static final int CUT_SHORT = Integer.MAX_VALUE;

  private final Output<StreamRecord<Traced<Completion>>> output;
  private final Completions completions;
  private final ConversationMetrics metrics;

  Emitter(
      Output<StreamRecord<Traced<Completion>>> output,
      Completions completions,
      ConversationMetrics metrics) {
    this.output = output;
    this.completions = completions;
    this.metrics = metrics;
  }

  Completion answer(InFlightTurn flight, GenerationResult result) {
    PreparedTurn turn = flight.turn;
    return completions.answered(
        flight.pending.request(), turn.number(), turn.droppedTurns(), result);
  }

  /** The answer to a turn, after the end of its stream. */
  void answered(InFlightTurn flight, GenerationResult result, Completion answer) {
    if (Completions.isWhole(result)) {
      close(flight.pending, flight.nextChunk());
    } else {
      close(flight.pending, CUT_SHORT);
    }
    metrics.answered(result);
    emit(flight.pending, answer);
  }

  /** The end of a request that is not in the engine, after the end of its stream. */
  void unanswered(Pending pending, int turn, FinishReason reason) {
    close(pending, CUT_SHORT);
    emit(pending, completions.unanswered(pending.request(), turn, reason));
  }

  void chunk(Pending pending, int index, String text, boolean last) {
    ConversationRequest request = pending.request();
    CompletionChunk chunk =
        new CompletionChunk(request.getRequestId(), request.getConversationId(), index, text, last);
    output.collect(Outputs.CHUNKS, stamped(pending, chunk));
  }

  private void close(Pending pending, int index) {
    if (pending.isTurn() && pending.request().getStream()) {
      chunk(pending, index, "", true);
    }
  }

  /** The end of a request that was accepted, as a dead letter. */
  void refused(Pending pending, DeadLetterStage stage, String error) {
    close(pending, CUT_SHORT);
    deadLetter(pending.source(), stage, error);
  }

  void deadLetter(SourceRecord source, DeadLetterStage stage, String error) {
    metrics.deadLetters.inc(stage);
    output.collect(Outputs.DEAD_LETTERS, new StreamRecord<>(DeadLetters.of(source, stage, error)));
  }

  private void emit(Pending pending, Completion completion) {
    metrics.completions.inc(completion.getFinishReason());
    output.collect(stamped(pending, completion));
  }

  private static <T> StreamRecord<Traced<T>> stamped(Pending pending, T record) {
    StreamRecord<Traced<T>> element =
        new StreamRecord<>(new Traced<>(record, pending.source().traceparent()));
    if (pending.hasTimestamp()) {
      element.setTimestamp(pending.timestamp());
    }
    return element;
  }
}
