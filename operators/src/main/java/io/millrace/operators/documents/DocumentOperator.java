package io.millrace.operators.documents;

import io.millrace.engine.Engine;
import io.millrace.operators.flow.FlowControl;
import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.operators.record.RecordSize;
import io.millrace.operators.record.RequestContent;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.Traced;
import io.millrace.operators.serving.DispatchCounters;
import io.millrace.operators.serving.EngineDispatcher;
import io.millrace.operators.serving.EngineProvider;
import io.millrace.operators.serving.ServingLimits;
import io.millrace.operators.serving.ServingOperator;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * Summarises documents, many prompts of many documents at a time.
 *
 * <p>Keyed by document. Its parts, the prompts of the present stage and their answers are keyed
 * state, so a checkpoint needs no special handling of what is in flight: what is not answered in a
 * snapshot is asked again after a restore, and nothing else is. Seeds follow from the document and
 * the prompt's place, so the same answers come.
 *
 * <p>Everything in memory here is rebuilt from that state. Only the task's thread touches it.
 */
public final class DocumentOperator
    extends ServingOperator<SourceDocument, Traced<Summary>, Prompter>
    implements PromptHandler.Listener {
  private static final long serialVersionUID = 1L;

  private static final String OTHER_VERSION =
      "document_id is that of a document of other content that is being summarised: send it after"
          + " the other's summary, or give it its own id";

  private final DocumentOptions options;
  private final SerializableSupplier<DocumentListener> listeners;

  private transient DocumentState state;
  private transient DocumentMetrics metrics;
  private transient DocumentListener listener;
  private transient EngineDispatcher<PromptKey, PromptAttempt> dispatcher;
  private transient PromptHandler prompts;

  /** How many prompts of each document's present stage are answered. */
  private transient Map<String, Integer> answered;

  /** What each document takes of the buffer. */
  private transient Map<String, Long> sizes;

  private transient long arrivals;

  DocumentOperator(
      StreamOperatorParameters<Traced<Summary>> parameters,
      EngineProvider provider,
      DocumentOptions options,
      SerializableSupplier<DocumentListener> listeners,
      FlowControl control) {
    super(
        parameters,
        provider,
        new ServingLimits(
            options.maxBuffered(),
            options.maxBufferedBytes(),
            options.maxAttempts(),
            options.retryBackoff()),
        control);
    this.options = options;
    this.listeners = listeners;
  }

  // ------------------------------------------------------------------ life

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = new DocumentState(context.getKeyedStateStore(), options.rememberedFor());
  }

  @Override
  protected Prompter prepare(Engine engine) {
    return new Prompter(engine, options);
  }

  @Override
  protected EngineDispatcher<?, ?> connect() {
    answered = new HashMap<>();
    sizes = new HashMap<>();
    listener = listeners.get();
    metrics =
        new DocumentMetrics(
            getMetricGroup(), buffer::records, buffer::bytes, () -> dispatcher.running());
    prompts = new PromptHandler(state, options, link, metrics, this);
    dispatcher =
        newDispatcher(
            this::retryAt,
            key -> setCurrentKey(key.documentId()),
            new DispatchCounters(metrics.retries, metrics.engineDeaths, new SimpleCounter()),
            prompts);
    prompts.use(dispatcher);
    return dispatcher;
  }

  /** Goes on with the documents of the snapshot. */
  @Override
  protected void resume() throws Exception {
    List<Object> keys;
    try (Stream<Object> active = DocumentState.activeKeys(getKeyedStateBackend())) {
      keys = active.toList();
    }
    for (Object key : keys) {
      setCurrentKey(key);
      arrivals = Math.max(arrivals, state.progress().arrival() + 1);
      hold((String) key);
      enter((String) key);
    }
  }

  // ------------------------------------------------------------------ documents

  @Override
  public void processElement(StreamRecord<SourceDocument> element) throws Exception {
    SourceDocument document = element.getValue();
    long content = RequestContent.hash(document.request());
    if (!state.isEmpty() && state.progress().content() != content) {
      deadLetter(document.origin(), document.documentId(), DeadLetterStage.VALIDATE, OTHER_VERSION);
      return;
    }
    if (!state.isEmpty() || Objects.equals(state.summarised(), content)) {
      metrics.repeated.inc();
      return;
    }
    try {
      begin(document, content);
    } catch (RuntimeException | StackOverflowError e) {
      // Hostile text must not stop the stream, whatever it does to the tokenizer.
      LOG.warn("Document {} cannot be split", SafeText.value(document.documentId()), e);
      deadLetter(document.origin(), document.documentId(), DeadLetterStage.PROMPT, reason(e));
      listener.ended(document.documentId());
      return;
    }
    hold(document.documentId());
    enter(document.documentId());
    pump();
  }

  private void hold(String documentId) throws Exception {
    long size = state.size();
    sizes.put(documentId, size);
    buffer.take(size);
  }

  private void begin(SourceDocument document, long content) throws Exception {
    DocumentRequest request = document.request();
    String text = request.getText();
    SummaryLanguage language =
        request.getLanguage() == null
            ? SummaryLanguage.of(text)
            : SummaryLanguage.ofTag(request.getLanguage()).orElseThrow();
    SummarySettings settings = link.preparer().settings(language);
    SummaryPlanner planner = new SummaryPlanner(link.preparer(), settings, request);
    List<String> parts = planner.split(text).stream().map(span -> span.of(text)).toList();
    List<DocumentPrompt> stage = planner.first(parts.size());
    Progress first = Progress.first(arrivals++, content, parts.size(), stage.size());
    state.begin(document, settings, parts, first, stage);
  }

  /** Makes what is not answered of the current document's stage ready; goes on if all is. */
  private void enter(String documentId) throws Exception {
    Progress progress = state.progress();
    int done = 0;
    for (int i = 0; i < progress.units(); i++) {
      if (state.prompt(i).isDone()) {
        done++;
      } else {
        prompts.add(new PromptKey(progress.arrival(), progress.stage(), i, documentId));
      }
    }
    answered.put(documentId, done);
    listener.progress(documentId, progress.stage(), done, progress.units());
    if (done == progress.units()) {
      advance(documentId);
    }
  }

  /** Plans the stage after the current document's, whose prompts are all answered. */
  private void advance(String documentId) throws Exception {
    Progress progress = state.progress();
    List<DocumentPrompt> stage = state.stage();
    DocumentRequest request = state.request();
    List<DocumentPrompt> next;
    try {
      next =
          new SummaryPlanner(link.preparer(), state.settings(), request)
              .next(progress, stage.stream().map(DocumentPrompt::result).toList());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warn("The summaries of document {} cannot be combined", SafeText.value(documentId), e);
      onRefused(documentId, DeadLetterStage.PROMPT, reason(e));
      return;
    }
    Progress after = progress.next(stage, next.size());
    if (next.isEmpty()) {
      finish(Summaries.of(link.engine(), state.settings(), request, after, stage.get(0)));
    } else {
      state.advance(after, next);
      enter(documentId);
    }
  }

  private void finish(Summary summary) throws Exception {
    String documentId = summary.getDocumentId();
    int bytes = RecordSize.of(summary);
    if (bytes > RecordSize.MAX_ANSWER) {
      onRefused(documentId, DeadLetterStage.EMIT, tooLong(bytes));
      return;
    }
    output.collect(new StreamRecord<>(new Traced<>(summary, state.origin().traceparent())));
    metrics.summaries.inc();
    state.done();
    end(documentId);
  }

  private static String tooLong(int bytes) {
    return "the summary has "
        + bytes
        + " bytes, a record at most "
        + RecordSize.MAX_ANSWER
        + ": lower documents.max-new-tokens or sampling.max_new_tokens";
  }

  private void deadLetter(
      RecordOrigin origin, String documentId, DeadLetterStage stage, String error) {
    output.collect(
        Outputs.DEAD_LETTERS,
        new StreamRecord<>(DeadLetters.of(origin, documentId, null, stage, error)));
    metrics.deadLetters.inc(stage);
  }

  /** What a dead letter says of an exception. */
  private static String reason(Throwable e) {
    return e instanceof IllegalArgumentException ? e.getMessage() : e.toString();
  }

  /** Drops what is in memory of a document that has ended. */
  private void end(String documentId) {
    answered.remove(documentId);
    buffer.leave(sizes.remove(documentId));
    dispatcher.forgetIf(key -> key.documentId().equals(documentId));
    listener.ended(documentId);
  }

  // ------------------------------------------------------------------ prompts

  @Override
  public void onAnswered(String documentId) throws Exception {
    Progress progress = state.progress();
    int done = answered.merge(documentId, 1, Integer::sum);
    listener.progress(documentId, progress.stage(), done, progress.units());
    if (done == progress.units()) {
      advance(documentId);
    }
  }

  @Override
  public void onRefused(String documentId, DeadLetterStage stage, String error) throws Exception {
    deadLetter(state.origin(), documentId, stage, error);
    state.clear();
    end(documentId);
  }

  private void retryAt(PromptKey key, long time) {
    getProcessingTimeService()
        .registerTimer(
            time,
            fired -> {
              setCurrentKey(key.documentId());
              dispatcher.onRetry(key, fired);
              pump();
            });
  }
}
