package io.millrace.operators.conversation;

import io.millrace.operators.flow.TestFlow;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.testing.HandDrivenTask;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** One subtask of the conversation operator. */
final class OperatorHarness extends HandDrivenTask<SourceRecord, Completion> {

  /** Says whether the source may read on. */
  final TestFlow flow;

  private OperatorHarness(
      TestFlow flow,
      ConversationOptions options,
      OperatorSubtaskState state,
      int parallelism,
      int subtask,
      TestEngine engine)
      throws Exception {
    super(
        new ConversationOperatorFactory(ENGINES, options, flow.control()),
        SourceRecord::conversationId,
        Outputs.COMPLETION,
        state,
        parallelism,
        subtask,
        engine);
    this.flow = flow;
  }

  static OperatorHarness start(ConversationOptions options) throws Exception {
    return start(options, new TestEngine());
  }

  static OperatorHarness start(ConversationOptions options, TestEngine engine) throws Exception {
    return new OperatorHarness(new TestFlow(), options, null, 1, 0, engine);
  }

  static OperatorHarness restore(
      ConversationOptions options, OperatorSubtaskState state, int parallelism, int subtask)
      throws Exception {
    return restore(options, state, parallelism, subtask, new TestEngine());
  }

  static OperatorHarness restore(
      ConversationOptions options,
      OperatorSubtaskState state,
      int parallelism,
      int subtask,
      TestEngine engine)
      throws Exception {
    return new OperatorHarness(new TestFlow(), options, state, parallelism, subtask, engine);
  }

  void send(ConversationRequest.Builder request) throws Exception {
    flink.processElement(new StreamRecord<>(Requests.source(request.build())));
  }

  void send(ConversationRequest.Builder request, long timestamp) throws Exception {
    flink.processElement(new StreamRecord<>(Requests.source(request.build()), timestamp));
  }

  List<Completion> completions() {
    return output();
  }

  /** Request id and finish reason of each completion, in order. */
  List<String> ends() {
    return completions().stream().map(c -> c.getRequestId() + " " + c.getFinishReason()).toList();
  }

  List<Long> watermarks() {
    return flink.getOutput().stream()
        .filter(Watermark.class::isInstance)
        .map(w -> ((Watermark) w).getTimestamp())
        .toList();
  }

  List<CompletionChunk> chunks() {
    return side(Outputs.CHUNKS);
  }
}
