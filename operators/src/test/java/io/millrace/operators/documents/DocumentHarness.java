package io.millrace.operators.documents;

import io.millrace.operators.flow.TestFlow;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.record.Traced;
import io.millrace.operators.testing.HandDrivenTask;
import io.millrace.operators.testing.TestEngine;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** One subtask of the document operator with a {@link TestEngine} whose tokens are characters. */
final class DocumentHarness extends HandDrivenTask<SourceDocument, Summary> {
  static final int CHUNK = 100;
  static final int MAX_NEW_TOKENS = 40;
  static final int ATTEMPTS = 3;
  static final long BACKOFF_MILLIS = 100;
  static final long REMEMBERED_MILLIS = 60_000;
  private static final SummaryPrompts ENGLISH =
      new SummaryPrompts("part: {text}", "all: {text}", "so far: {summary} next: {text}");
  private static final SummaryPrompts CHINESE =
      new SummaryPrompts("部分：{text}", "合并：{text}", "{summary}继续：{text}");

  /** Says whether the source may read on. */
  final TestFlow flow;

  private DocumentHarness(
      TestFlow flow, DocumentOptions options, OperatorSubtaskState state, TestEngine engine)
      throws Exception {
    super(
        new DocumentOperatorFactory(ENGINES, options, () -> DocumentListener.NONE, flow.control()),
        SourceDocument::documentId,
        Traced.typeOf(Summary.class),
        state,
        1,
        0,
        engine);
    this.flow = flow;
  }

  static DocumentHarness start(DocumentOptions options) throws Exception {
    return start(options, new TestEngine());
  }

  static DocumentHarness start(DocumentOptions options, TestEngine engine) throws Exception {
    return new DocumentHarness(new TestFlow(), options, null, engine);
  }

  static DocumentHarness restore(
      DocumentOptions options, OperatorSubtaskState state, TestEngine engine) throws Exception {
    return new DocumentHarness(new TestFlow(), options, state, engine);
  }

  static DocumentOptions options(SummaryStrategy strategy) {
    return new DocumentOptions(
        strategy,
        CHUNK,
        0,
        MAX_NEW_TOKENS,
        100,
        64 << 20,
        Duration.ofMillis(REMEMBERED_MILLIS),
        ATTEMPTS,
        Duration.ofMillis(BACKOFF_MILLIS),
        -7,
        new SamplingDefaults(0, 0, 1, 0, 1, 0, 0, MAX_NEW_TOKENS, 0),
        Map.of(SummaryLanguage.EN, ENGLISH, SummaryLanguage.ZH, CHINESE));
  }

  static DocumentRequest.Builder request(String id, String text) {
    return DocumentRequest.newBuilder().setDocumentId(id).setText(text);
  }

  /** A paragraph is 82 characters with its blank line: one to a chunk of 100. */
  static String paragraphs(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("Paragraph %03d %s.\n\n".formatted(i, "x".repeat(65)));
    }
    return text.toString();
  }

  /** What comes of documents that nothing disturbs. */
  static List<Summary> undisturbed(DocumentOptions options, DocumentRequest.Builder... requests)
      throws Exception {
    try (DocumentHarness documents = start(options)) {
      for (DocumentRequest.Builder request : requests) {
        documents.send(request);
      }
      documents.answerAll();
      return documents.summaries();
    }
  }

  void send(DocumentRequest.Builder request) throws Exception {
    send(request, new byte[] {2, 3});
  }

  /**
   * @param value of the record; null for a document that is none
   */
  void send(DocumentRequest.Builder request, byte[] value) throws Exception {
    byte[] key = value == null ? null : new byte[] {1};
    RecordOrigin origin = new RecordOrigin(key, value, "documents", 1, 42, "00-trace");
    flink.processElement(new StreamRecord<>(new SourceDocument(request.build(), null, origin)));
  }

  List<Summary> summaries() {
    return output();
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
}
