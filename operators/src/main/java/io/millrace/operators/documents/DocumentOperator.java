package io.millrace.operators.documents;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.operators.DeadLetters;
import io.millrace.operators.EngineMail;
import io.millrace.operators.EngineProvider;
import io.millrace.operators.Outputs;
import io.millrace.operators.Seeds;
import io.millrace.operators.Shown;
import io.millrace.operators.Traced;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * Summarises documents, many prompts of many documents at a time.
 *
 * <p>Keyed by document. Its parts, the prompts of the stage in work and their answers are keyed
 * state, so a checkpoint needs no special handling of what is in flight: what is not answered in a
 * snapshot is asked again after a restore, and nothing else is. Seeds follow from the document and
 * the prompt's place, so the same answers come.
 *
 * <p>Everything in memory here is rebuilt from that state. Only the task's thread touches it.
 */
public final class DocumentOperator extends AbstractStreamOperator<Traced<Summary>>
    implements OneInputStreamOperator<SourceDocument, Traced<Summary>>,
        BoundedOneInput,
        DocumentFlight.Handler {
  private static final long serialVersionUID = 1L;
  private static final long MAX_BACKOFF_MILLIS = 60_000;

  private final EngineProvider provider;
  private final DocumentOptions options;
  private final SerializableSupplier<DocumentListener> listeners;
  private final transient MailboxExecutor mailbox;

  private transient DocumentState state;
  private transient Engine engine;
  private transient Prompter prompter;
  private transient DocumentMetrics metrics;
  private transient DocumentListener listener;
  private transient EngineMail mail;

  /** Units with room in flight to come, in their order. */
  private transient TreeSet<Slot> ready;

  private transient Map<Slot, DocumentFlight> inFlight;

  /** How often the engine failed on a unit; a restart begins again. */
  private transient Map<Slot, Integer> failures;

  /** Answered units of the stage in work of each document. */
  private transient Map<String, Integer> answered;

  private transient long arrivals;

  DocumentOperator(
      StreamOperatorParameters<Traced<Summary>> parameters,
      EngineProvider provider,
      DocumentOptions options,
      SerializableSupplier<DocumentListener> listeners) {
    super(parameters);
    this.provider = provider;
    this.options = options;
    this.listeners = listeners;
    this.mailbox = parameters.getMailboxExecutor();
  }

  // ------------------------------------------------------------------ life

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state = new DocumentState(context.getKeyedStateStore());
  }

  @Override
  public void open() throws Exception {
    super.open();
    ready = new TreeSet<>();
    inFlight = new HashMap<>();
    failures = new HashMap<>();
    answered = new TreeMap<>();
    mail = new EngineMail(mailbox, this::pump);
    listener = listeners.get();
    engine = provider.acquire();
    prompter = new Prompter(engine, options);
    metrics = new DocumentMetrics(getMetricGroup(), () -> answered.size(), () -> inFlight.size());
    resume();
  }

  /** Goes on with the documents of the snapshot. */
  private void resume() throws Exception {
    List<Object> keys;
    try (Stream<Object> active = DocumentState.activeKeys(getKeyedStateBackend())) {
      keys = active.toList();
    }
    for (Object key : keys) {
      setCurrentKey(key);
      arrivals = Math.max(arrivals, state.progress().arrival() + 1);
      enter((String) key);
    }
    pump();
  }

  /** Summarises everything before a bounded input, or a drained job, ends. */
  @Override
  public void endInput() throws Exception {
    while (!answered.isEmpty()) {
      mailbox.yield();
    }
  }

  @Override
  public void close() throws Exception {
    // The engine may outlive this task: it must not go on working for it.
    if (mail != null) {
      mail.close();
      inFlight.values().forEach(DocumentFlight::cancel);
      inFlight.clear();
    }
    if (engine != null) {
      engine.close();
      engine = null;
    }
    super.close();
  }

  // ------------------------------------------------------------------ documents

  @Override
  public void processElement(StreamRecord<SourceDocument> element) throws Exception {
    awaitRoom();
    SourceDocument document = element.getValue();
    if (!state.isEmpty()) {
      metrics.repeated.inc();
      return;
    }
    try {
      begin(document);
    } catch (RuntimeException | StackOverflowError e) {
      // Hostile text must not stop the stream, whatever it does to the tokenizer.
      LOG.warn("Document {} cannot be split", Shown.value(document.documentId()), e);
      String reason = e instanceof IllegalArgumentException ? e.getMessage() : e.toString();
      output.collect(
          Outputs.DEAD_LETTERS,
          new StreamRecord<>(
              DeadLetters.of(
                  document.origin(), document.documentId(), null, DeadLetterStage.PROMPT, reason)));
      metrics.deadLetters.inc(DeadLetterStage.PROMPT);
      listener.ended(document.documentId());
      return;
    }
    enter(document.documentId());
    pump();
  }

  /** Backpressure: lets answers come in until there is room. Their mails change the current key. */
  private void awaitRoom() throws Exception {
    if (answered.size() >= options.maxBuffered()) {
      Object key = getCurrentKey();
      while (answered.size() >= options.maxBuffered()) {
        mailbox.yield();
      }
      setCurrentKey(key);
    }
  }

  private void begin(SourceDocument document) throws Exception {
    DocumentRequest request = document.request();
    String text = request.getText();
    SummaryLanguage language =
        request.getLanguage() == null
            ? SummaryLanguage.of(text)
            : SummaryLanguage.ofTag(request.getLanguage()).orElseThrow();
    Reduction reduction = reduction(request, language);
    List<String> parts = reduction.split(text).stream().map(span -> span.of(text)).toList();
    List<Unit> stage = reduction.first(parts.size());
    Progress first = Progress.first(arrivals++, language, parts.size(), stage.size());
    state.begin(document, parts, first, stage);
  }

  private Reduction reduction(DocumentRequest request, SummaryLanguage language) {
    int maxNewTokens = sampling(request, 0).maxNewTokens();
    return new Reduction(prompter, options, language, title(request), maxNewTokens);
  }

  private SamplingParameters sampling(DocumentRequest request, long seed) {
    return options.sampling().resolve(request.getSampling(), seed);
  }

  private static String title(DocumentRequest request) {
    return request.getTitle() == null ? "" : request.getTitle().strip();
  }

  /** Makes what is not answered of the current document's stage ready; goes on if all is. */
  private void enter(String documentId) throws Exception {
    Progress progress = state.progress();
    int done = 0;
    for (int i = 0; i < progress.units(); i++) {
      if (state.unit(i).isDone()) {
        done++;
      } else {
        ready.add(new Slot(progress.arrival(), progress.stage(), i, documentId));
      }
    }
    answered.put(documentId, done);
    listener.progress(documentId, progress.stage(), done, progress.units());
    if (done == progress.units()) {
      advance(documentId);
    }
  }

  /** Plans the stage after the current document's, whose units are all answered. */
  private void advance(String documentId) throws Exception {
    Progress progress = state.progress();
    List<Unit> stage = state.stage();
    DocumentRequest request = state.request();
    List<Unit> next;
    try {
      next =
          reduction(request, progress.language())
              .next(progress, stage.stream().map(Unit::result).toList());
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warn("The summaries of document {} cannot be combined", documentId, e);
      String reason = e instanceof IllegalArgumentException ? e.getMessage() : e.toString();
      refuse(documentId, DeadLetterStage.PROMPT, reason);
      return;
    }
    Progress after = progress.next(stage, next.size());
    if (next.isEmpty()) {
      Summary summary = Summaries.of(engine, options, request, after, stage.get(0).result());
      output.collect(new StreamRecord<>(new Traced<>(summary, state.origin().traceparent())));
      metrics.summaries.inc();
      end(documentId);
    } else {
      state.advance(after, next);
      enter(documentId);
    }
  }

  private void refuse(String documentId, DeadLetterStage stage, String error) throws Exception {
    output.collect(
        Outputs.DEAD_LETTERS,
        new StreamRecord<>(DeadLetters.of(state.origin(), documentId, null, stage, error)));
    metrics.deadLetters.inc(stage);
    end(documentId);
  }

  /** Forgets the current document. */
  private void end(String documentId) {
    state.clear();
    answered.remove(documentId);
    ready.removeIf(slot -> slot.documentId().equals(documentId));
    failures.keySet().removeIf(slot -> slot.documentId().equals(documentId));
    inFlight
        .values()
        .removeIf(
            flight -> {
              boolean own = flight.slot.documentId().equals(documentId);
              if (own) {
                flight.cancel();
              }
              return own;
            });
    listener.ended(documentId);
  }

  // ------------------------------------------------------------------ prompts

  /** Starts units while there is room in flight. Leaves the current key undefined. */
  private void pump() throws Exception {
    while (inFlight.size() < options.maxInFlight() && !ready.isEmpty()) {
      Slot slot = ready.pollFirst();
      setCurrentKey(slot.documentId());
      start(slot);
    }
  }

  private void start(Slot slot) throws Exception {
    DocumentRequest request = state.request();
    Unit unit = state.unit(slot.unit());
    String name = slot.documentId() + "/" + slot.stage() + "/" + slot.unit();
    DocumentFlight flight = new DocumentFlight(slot, mail, this);
    inFlight.put(slot, flight);
    try {
      SamplingParameters sampling = sampling(request, Seeds.of(name));
      int[] prompt =
          prompter.ids(
              state.progress().language(),
              unit.task(),
              title(request),
              state.text(unit),
              unit.text());
      prompter.checkFits(prompt, sampling.maxNewTokens());
      int priority = Math.addExact(request.getPriority(), options.priority());
      flight.started(
          engine.submit(
              new GenerationRequest(name, prompt, sampling, priority, request.getTenant(), 0),
              flight));
    } catch (IllegalArgumentException e) {
      inFlight.remove(slot);
      refuse(slot.documentId(), DeadLetterStage.PROMPT, e.getMessage());
    } catch (EngineStoppedException e) {
      // The engine is closed. A restart of the job opens another; a dead letter would lose work.
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      flight.onError(e);
    }
  }

  @Override
  public void onFinished(DocumentFlight flight, GenerationResult result) throws Exception {
    if (!inFlight.remove(flight.slot, flight)) {
      return;
    }
    String documentId = flight.slot.documentId();
    setCurrentKey(documentId);
    int unit = flight.slot.unit();
    state.answer(
        unit,
        state
            .unit(unit)
            .answered(
                result.text(),
                result.finishReason() == FinishReason.LENGTH,
                result.usage().promptTokens(),
                result.usage().completionTokens()));
    metrics.prompts.inc();
    Progress progress = state.progress();
    int done = answered.merge(documentId, 1, Integer::sum);
    listener.progress(documentId, progress.stage(), done, progress.units());
    if (done == progress.units()) {
      advance(documentId);
    }
  }

  @Override
  public void onError(DocumentFlight flight, Throwable error) throws Exception {
    if (!inFlight.remove(flight.slot, flight)) {
      return;
    }
    if (error instanceof EngineStoppedException stopped) {
      // No fault of the document, so no attempt of it: a restart of the job opens another engine.
      throw stopped;
    }
    Slot slot = flight.slot;
    int attempts = failures.merge(slot, 1, Integer::sum);
    LOG.warn("Attempt {} at {} failed", attempts, slot, error);
    if (attempts >= options.maxAttempts()) {
      setCurrentKey(slot.documentId());
      refuse(
          slot.documentId(),
          DeadLetterStage.GENERATE,
          "the engine failed " + attempts + " times, at last with: " + error);
    } else {
      metrics.retries.inc();
      long wait =
          Math.min(
              options.retryBackoff().toMillis() << Math.min(attempts - 1, 16), MAX_BACKOFF_MILLIS);
      long now = getProcessingTimeService().getCurrentProcessingTime();
      getProcessingTimeService().registerTimer(now + wait, time -> retry(slot));
    }
  }

  private void retry(Slot slot) throws Exception {
    if (failures.containsKey(slot)) {
      ready.add(slot);
      pump();
    }
  }
}
