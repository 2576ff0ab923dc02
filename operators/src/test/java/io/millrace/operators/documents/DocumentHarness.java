package io.millrace.operators.documents;

import io.millrace.operators.Outputs;
import io.millrace.operators.RecordOrigin;
import io.millrace.operators.SamplingDefaults;
import io.millrace.operators.Traced;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** One subtask of the document operator with a {@link TestEngine} whose tokens are characters. */
final class DocumentHarness implements AutoCloseable {
  static final int CHUNK = 100;
  static final int MAX_NEW_TOKENS = 40;
  private static final SummaryPrompts ENGLISH =
      new SummaryPrompts("part: {text}", "all: {text}", "so far: {summary} next: {text}");
  private static final SummaryPrompts CHINESE =
      new SummaryPrompts("部分：{text}", "合并：{text}", "{summary}继续：{text}");

  // The factory is serialised: the engine reaches the operator through here.
  private static final AtomicReference<TestEngine> NEXT = new AtomicReference<>();

  final TestEngine engine = new TestEngine();
  private final KeyedOneInputStreamOperatorTestHarness<String, SourceDocument, Traced<Summary>>
      flink;

  private DocumentHarness(DocumentOptions options, OperatorSubtaskState state) throws Exception {
    flink =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new DocumentOperatorFactory(NEXT::get, options, () -> DocumentListener.NONE),
            SourceDocument::documentId,
            Types.STRING,
            16,
            1,
            0);
    flink
        .getExecutionConfig()
        .configure(
            new Configuration().set(PipelineOptions.GENERIC_TYPES, false),
            getClass().getClassLoader());
    flink.setup(
        Traced.typeOf(Summary.class)
            .createSerializer(flink.getExecutionConfig().getSerializerConfig()));
    if (state != null) {
      flink.initializeState(state);
    }
    NEXT.set(engine);
    flink.open();
  }

  static DocumentHarness start(DocumentOptions options) throws Exception {
    return new DocumentHarness(options, null);
  }

  static DocumentHarness restore(DocumentOptions options, OperatorSubtaskState state)
      throws Exception {
    return new DocumentHarness(options, state);
  }

  static DocumentOptions options(SummaryStrategy strategy, int maxInFlight) {
    return new DocumentOptions(
        strategy,
        CHUNK,
        0,
        maxInFlight,
        100,
        3,
        Duration.ofMillis(100),
        -7,
        new SamplingDefaults(0, 0, 1, 0, 1, 0, 0, MAX_NEW_TOKENS, 0),
        Map.of(SummaryLanguage.EN, ENGLISH, SummaryLanguage.ZH, CHINESE));
  }

  static DocumentRequest.Builder request(String id, String text) {
    return DocumentRequest.newBuilder().setDocumentId(id).setText(text);
  }

  void send(DocumentRequest.Builder request) throws Exception {
    RecordOrigin origin =
        new RecordOrigin(new byte[] {1}, new byte[] {2, 3}, "documents", 1, 42, "00-trace");
    flink.processElement(new StreamRecord<>(new SourceDocument(request.build(), null, origin)));
  }

  /** Lets the engine answer one prompt and the task hear of it. */
  void answer(String id) throws Exception {
    engine.answer(id);
    deliver();
  }

  void fail(String id) throws Exception {
    engine.fail(id, new IllegalStateException("no luck with " + id));
    deliver();
  }

  /** Answers until nothing runs. */
  void answerAll() throws Exception {
    while (!engine.running().isEmpty()) {
      answer(engine.running().get(0));
    }
  }

  void advance(long millis) throws Exception {
    flink.setProcessingTime(flink.getProcessingTime() + millis);
    deliver();
  }

  private void deliver() throws Exception {
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

  List<Summary> summaries() {
    return flink.extractOutputValues().stream().map(Traced::record).toList();
  }

  List<DeadLetter> deadLetters() {
    Queue<StreamRecord<Traced<DeadLetter>>> queue = flink.getSideOutput(Outputs.DEAD_LETTERS);
    return queue == null ? List.of() : queue.stream().map(r -> r.getValue().record()).toList();
  }

  /** The text of a prompt that the engine was given. */
  String prompt(String id) {
    return engine.seen().stream()
        .filter(request -> request.id().equals(id))
        .map(request -> engine.tokenizer().decode(request.prompt()))
        .findFirst()
        .orElseThrow();
  }

  /** Ids of all prompts that the engine was given, in order. */
  List<String> asked() {
    return engine.seen().stream().map(request -> request.id()).toList();
  }

  @Override
  public void close() throws Exception {
    flink.close();
  }
}
