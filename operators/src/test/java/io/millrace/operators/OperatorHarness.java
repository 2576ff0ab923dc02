package io.millrace.operators;

import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.Completion;
import io.millrace.schemas.CompletionChunk;
import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.DeadLetter;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** One subtask of the conversation operator with a {@link TestEngine} and a clock set by hand. */
final class OperatorHarness implements AutoCloseable {
  static final int MAX_PARALLELISM = 16;

  // The factory is serialised: the engine reaches the operator through here.
  private static final AtomicReference<TestEngine> NEXT = new AtomicReference<>();

  TestEngine engine;
  final KeyedOneInputStreamOperatorTestHarness<String, SourceRecord, Traced<Completion>> flink;

  private OperatorHarness(
      ConversationOptions options, int parallelism, int subtask, TestEngine engine)
      throws Exception {
    this.engine = engine;
    flink =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new ConversationOperatorFactory(NEXT::get, options),
            SourceRecord::conversationId,
            Types.STRING,
            MAX_PARALLELISM,
            parallelism,
            subtask);
    flink
        .getExecutionConfig()
        .configure(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false),
            getClass().getClassLoader());
    flink.setup(
        Outputs.COMPLETION.createSerializer(flink.getExecutionConfig().getSerializerConfig()));
    flink.setProcessingTime(1_000_000);
  }

  static OperatorHarness start(ConversationOptions options) throws Exception {
    return start(options, new TestEngine());
  }

  static OperatorHarness start(ConversationOptions options, TestEngine engine) throws Exception {
    OperatorHarness harness = new OperatorHarness(options, 1, 0, engine);
    harness.open();
    return harness;
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
    OperatorHarness harness = new OperatorHarness(options, parallelism, subtask, engine);
    harness.flink.initializeState(state);
    harness.open();
    return harness;
  }

  /** What the task gets when it opens an engine again. */
  TestEngine nextEngine() {
    TestEngine next = new TestEngine();
    NEXT.set(next);
    return next;
  }

  /** The engine dies, and the task hears of it and opens another. */
  void die(String... suspects) throws Exception {
    TestEngine dead = engine;
    engine = nextEngine();
    dead.die(suspects);
    deliver();
  }

  private void open() throws Exception {
    NEXT.set(engine);
    flink.open();
  }

  void send(ConversationRequest.Builder request) throws Exception {
    flink.processElement(new StreamRecord<>(Requests.source(request.build())));
  }

  void send(ConversationRequest.Builder request, long timestamp) throws Exception {
    flink.processElement(new StreamRecord<>(Requests.source(request.build()), timestamp));
  }

  /** Lets the engine answer and the task hear of it. */
  void answer(String id) throws Exception {
    engine.answer(id);
    deliver();
  }

  void fail(String id) throws Exception {
    engine.fail(id, new IllegalArgumentException("no luck with " + id));
    deliver();
  }

  void advance(long millis) throws Exception {
    flink.setProcessingTime(flink.getProcessingTime() + millis);
    deliver();
  }

  long now() {
    return flink.getProcessingTime();
  }

  /** Runs the mails of the task. */
  void deliver() throws Exception {
    TaskMailbox mailbox = flink.getTaskMailbox();
    for (Optional<Mail> mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY);
        mail.isPresent();
        mail = mailbox.tryTake(TaskMailbox.MIN_PRIORITY)) {
      mail.get().run();
    }
  }

  OperatorSubtaskState snapshot() throws Exception {
    return flink.snapshot(1, 1);
  }

  List<Completion> completions() {
    return flink.extractOutputValues().stream().map(Traced::record).toList();
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

  List<DeadLetter> deadLetters() {
    return side(Outputs.DEAD_LETTERS);
  }

  private <T> List<T> side(OutputTag<Traced<T>> tag) {
    Queue<StreamRecord<Traced<T>>> queue = flink.getSideOutput(tag);
    return queue == null ? List.of() : queue.stream().map(r -> r.getValue().record()).toList();
  }

  @Override
  public void close() throws Exception {
    flink.close();
  }
}
