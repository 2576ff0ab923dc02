package io.millrace.operators.conversation;

import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetterStage;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Writes what the conversation operator has for its readers, and counts it. */
final class Emitter {
  /**
   * Index of the chunk that closes a stream without a whole answer. Before a failure, or in an
   * earlier attempt, more may have been sent than is known here, so it must be above all of it.
   */
  static final int CUT_SHORT = Integer.MAX_VALUE;

  private final Output<StreamRecord<Traced<Completion>>> output;
  private final ConversationMetrics metrics;

  Emitter(Output<StreamRecord<Traced<Completion>>> output, ConversationMetrics metrics) {
    this.output = output;
    this.metrics = metrics;
  }

  /**
   * Writes the end of a request, after the end of its stream.
   *
   * @param closingChunk index of the chunk that ends the stream, if the request streams
   */
  void emit(Pending pending, Completion completion, int closingChunk) {
    closeStream(pending, closingChunk);
    metrics.completions.inc(completion.getFinishReason());
    output.collect(stamped(pending, completion));
  }

  void emitChunk(Pending pending, int index, String text, boolean last) {
    ConversationRequest request = pending.request();
    CompletionChunk chunk =
        new CompletionChunk(request.getRequestId(), request.getConversationId(), index, text, last);
    output.collect(Outputs.CHUNKS, stamped(pending, chunk));
  }

  private void closeStream(Pending pending, int index) {
    if (pending.isTurn() && pending.request().getStream()) {
      emitChunk(pending, index, "", true);
    }
  }

  /** Writes the end of a request that was accepted, as a dead letter. */
  void emitRefusal(Pending pending, DeadLetterStage stage, String error) {
    closeStream(pending, CUT_SHORT);
    emitDeadLetter(pending.source(), stage, error);
  }

  void emitDeadLetter(SourceRecord source, DeadLetterStage stage, String error) {
    metrics.deadLetters.inc(stage);
    output.collect(Outputs.DEAD_LETTERS, new StreamRecord<>(DeadLetters.of(source, stage, error)));
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
