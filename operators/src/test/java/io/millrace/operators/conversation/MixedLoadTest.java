package io.millrace.operators.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.ForwardingEngine;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.batching.ContinuousBatchingEngine;
import io.millrace.engine.chat.ChatFormats;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.device.Runtimes;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.tokenize.Tokenizer;
import io.millrace.engine.tokenize.Tokenizers;
import io.millrace.operators.documents.DocumentListener;
import io.millrace.operators.documents.DocumentOperatorFactory;
import io.millrace.operators.documents.DocumentOptions;
import io.millrace.operators.documents.SourceDocument;
import io.millrace.operators.documents.SummaryLanguage;
import io.millrace.operators.documents.SummaryPrompts;
import io.millrace.operators.documents.SummaryStrategy;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.operators.record.SourceRecord;
import io.millrace.operators.record.Traced;
import io.millrace.operators.testing.RecordedRuntime;
import io.millrace.operators.testing.RecordedRuntime.Step;
import io.millrace.operators.testing.Requests;
import io.millrace.operators.testing.TaskHarness;
import io.millrace.schemas.Completion;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.SamplingOptions;
import io.millrace.schemas.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents of different lengths and conversations on one real engine, counted in steps: documents
 * keep its batch full until too little of them is left, and conversations do not wait for them.
 */
@Timeout(300)
class MixedLoadTest {
  private static final Path MODEL = Path.of("..", "models", "millrace-tiny", "int8");
  private static final int BATCH_TOKENS = 512;
  private static final long KV_BYTES = 128L << 20;

  /** A conversation comes in each step whose number this divides. */
  private static final int EVERY = 20;

  /** Lengths of the documents, in sentences. */
  private static final List<Integer> LENGTHS = List.of(60, 900, 20, 400, 5, 150, 600, 30, 500, 300);

  private static final List<String> SENTENCES =
      List.of(
          "The weather was nice all week.",
          "The new bridge in Lisbon was started in 1987.",
          "Many visitors came on Monday.",
          "The project is led by Anna Keller.",
          "Some children played near the gate.",
          "The total cost is 42 million dollars.",
          "According to the office, the money comes from the city council.",
          "There are 350 people in the team.",
          "The main problem was bad weather.",
          "The plan is 4 weeks late.");

  /** A real engine that remembers the prompts of its requests. */
  private static final class NotingEngine extends ForwardingEngine {
    private final Map<String, int[]> prompts = new ConcurrentHashMap<>();

    private NotingEngine(Engine engine) {
      super(engine);
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
      prompts.put(request.id(), request.prompt());
      return super.submit(request, listener);
    }
  }

  /** Each is a conversation that comes before a step, which waits until it is sent. */
  private final BlockingQueue<Integer> arrivals = new LinkedBlockingQueue<>();

  private final Semaphore sent = new Semaphore(0);

  /** Before which step nothing waited for a place any more, in the engine or for one there. */
  private final AtomicInteger tail = new AtomicInteger(Integer.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(ints = {16, 64})
  void shouldKeepTheBatchFullAndStartConversationsWithinTwoSteps(int maxRunning) throws Exception {
    PreparedModel model = PreparedModel.open(MODEL);
    RecordedRuntime runtime =
        new RecordedRuntime(
            Runtimes.open(model, new RuntimeOptions(0, false, KvType.FP32, KV_BYTES)));
    NotingEngine engine = new NotingEngine(open(model, runtime, maxRunning));
    runtime.record(step -> before(step, engine));
    List<Integer> sentIn = new ArrayList<>();
    try (engine;
        TaskHarness<SourceDocument, Summary> documents = documents(engine);
        TaskHarness<SourceRecord, Completion> conversations = conversations(engine)) {
      int count = LENGTHS.size() * maxRunning / 16;
      for (int i = 0; i < count; i++) {
        documents.flink.processElement(document(i));
      }
      sent.release();
      while (documents.output().size() < count || conversations.output().size() < sentIn.size()) {
        Integer step = arrivals.poll(1, TimeUnit.MILLISECONDS);
        if (step != null) {
          conversations.flink.processElement(turn(sentIn.size()));
          sentIn.add(step);
          sent.release();
        }
        documents.deliver();
        conversations.deliver();
      }
    }

    List<Step> steps = runtime.steps();
    assertThat(tail.get()).as("of %d steps", steps.size()).isGreaterThan(steps.size() / 2);
    // The first was planned when there was no more than the first part of the first document.
    for (int i = 1; i < tail.get(); i++) {
      Step step = steps.get(i);
      double places = (double) step.inputs().size() / maxRunning;
      double tokens = (double) step.tokens() / BATCH_TOKENS;
      assertThat(Math.max(places, tokens))
          .as("step %d: %d sequences, %d tokens", i, step.inputs().size(), step.tokens())
          .isGreaterThanOrEqualTo(0.9);
    }
    assertThat(sentIn).hasSizeGreaterThan(5);
    for (int i = 0; i < sentIn.size(); i++) {
      int at = sentIn.get(i);
      int[] prompt = engine.prompts.get("q" + i);
      assertThat(steps.subList(at + 1, at + 3))
          .as("the two steps after step %d, in which conversation %d came", at, i)
          .anyMatch(step -> step.ends(prompt));
    }
  }

  /** On the engine's thread. */
  private void before(int step, Engine engine) {
    if (step == 0) {
      sent.acquireUninterruptibly();
    } else if (tail.get() > step) {
      // The engine tells what the step before has left.
      if (engine.admission().waiting() + engine.stats().waiting() == 0) {
        tail.set(step - 1);
      } else if (step % EVERY == 0) {
        arrivals.add(step);
        sent.acquireUninterruptibly();
      }
    }
  }

  private static ContinuousBatchingEngine open(
      PreparedModel model, RecordedRuntime runtime, int maxRunning) throws IOException {
    Tokenizer tokenizer = Tokenizers.open(MODEL, model.manifest());
    return new ContinuousBatchingEngine(
        model.manifest(),
        tokenizer,
        ChatFormats.of(model.manifest().chat(), tokenizer),
        runtime,
        new Limits(maxRunning, BATCH_TOKENS, 64),
        2048,
        Clock.systemUTC());
  }

  private static TaskHarness<SourceDocument, Summary> documents(Engine engine) throws Exception {
    SummaryPrompts prompts =
        new SummaryPrompts(
            "Summarize the following report.\n{text}",
            "Summarize the following report.\n{text}",
            "Summarize the following report.\n{summary} {text}");
    DocumentOptions options =
        new DocumentOptions(
            SummaryStrategy.MAP_REDUCE,
            200,
            0,
            60,
            100,
            64 << 20,
            Duration.ofHours(24),
            3,
            Duration.ofMillis(200),
            -100,
            new SamplingDefaults(0, 0, 1, 0, 1, 0, 0, 60, 8),
            Map.of(SummaryLanguage.EN, prompts, SummaryLanguage.ZH, prompts));
    return new TaskHarness<>(
        new DocumentOperatorFactory(
            TaskHarness.ENGINES, options, () -> DocumentListener.NONE, FlowControl.of("test")),
        SourceDocument::documentId,
        Traced.typeOf(Summary.class),
        null,
        1,
        0,
        engine);
  }

  private static TaskHarness<SourceRecord, Completion> conversations(Engine engine)
      throws Exception {
    return new TaskHarness<>(
        new ConversationOperatorFactory(
            TaskHarness.ENGINES, ConversationOptions.defaults(), FlowControl.of("test")),
        SourceRecord::conversationId,
        Outputs.COMPLETION,
        null,
        1,
        0,
        engine);
  }

  private static StreamRecord<SourceDocument> document(int number) {
    Random random = new Random(number);
    int sentences = LENGTHS.get(number % LENGTHS.size());
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= sentences; i++) {
      text.append(SENTENCES.get(random.nextInt(SENTENCES.size())))
          .append(i % 6 == 0 ? "\n\n" : " ");
    }
    DocumentRequest request =
        DocumentRequest.newBuilder().setDocumentId("d" + number).setText(text.toString()).build();
    return new StreamRecord<>(
        new SourceDocument(
            request, null, new RecordOrigin(null, new byte[] {1}, "documents", 0, 0, null)));
  }

  private static StreamRecord<SourceRecord> turn(int number) {
    return new StreamRecord<>(
        Requests.source(
            Requests.turn("conversation " + number, "q" + number)
                .setText("Question %d: who was at the opening of the bridge?".formatted(number))
                .setSampling(SamplingOptions.newBuilder().setMaxNewTokens(12).build())
                .build()));
  }
}
