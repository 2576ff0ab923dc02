package io.millrace.operators.documents;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.Usage;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.Seeds;
import io.millrace.operators.serving.EngineLink;
import io.millrace.operators.serving.EngineMail;
import io.millrace.operators.serving.RetryPolicy;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the units of documents to the engine and their answers back. A unit is ready, in the
 * engine, or waits for its next attempt; all of this is in memory and is rebuilt from the state.
 *
 * <p>One place at a time is asked for in each lane, and given to its first unit: so those of a
 * document whose last stage has come overtake the parts of later documents.
 */
final class PromptDispatcher implements InFlightPrompt.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(PromptDispatcher.class);

  /** Hears of units; their document is the current key. */
  interface Handler {
    void onAnswered(String documentId) throws Exception;

    /** The document can have no summary. */
    void onRefused(String documentId, DeadLetterStage stage, String error) throws Exception;
  }

  private final DocumentState state;
  private final DocumentOptions options;
  private final EngineLink<Prompter> link;
  private final EngineMail mail;
  private final RetryPolicy<PromptKey> retries;
  private final DocumentMetrics metrics;
  private final Consumer<String> currentKey;
  private final Handler handler;
  private final Map<Lane, TreeSet<PromptKey>> ready = new LinkedHashMap<>();
  private final Map<Lane, Ticket> entering = new HashMap<>();
  private final Map<PromptKey, InFlightPrompt> flying = new HashMap<>();

  PromptDispatcher(
      DocumentState state,
      DocumentOptions options,
      EngineLink<Prompter> link,
      EngineMail mail,
      RetryPolicy<PromptKey> retries,
      DocumentMetrics metrics,
      Consumer<String> currentKey,
      Handler handler) {
    this.state = state;
    this.options = options;
    this.link = link;
    this.mail = mail;
    this.retries = retries;
    this.metrics = metrics;
    this.currentKey = currentKey;
    this.handler = handler;
  }

  /** How many units are in the engine. */
  int flying() {
    return flying.size();
  }

  /** Makes a unit of the current document ready. */
  void add(PromptKey slot) throws Exception {
    DocumentRequest request = state.request();
    boolean suspect = state.unit(slot.unit()).suspect();
    Lane lane =
        new Lane(
            options.priority() + request.getPriority(), request.getTenant(), suspect ? slot : null);
    ready.computeIfAbsent(lane, l -> new TreeSet<>()).add(slot);
  }

  /** Starts units while there are places. Leaves the current key undefined. */
  void pump() throws Exception {
    if (link.renew()) {
      metrics.engineDeaths.inc();
      // Other tasks may wait behind these, and hear of the death only by their turn.
      entering.values().forEach(Ticket::close);
      entering.clear();
    }
    for (Lane lane : List.copyOf(ready.keySet())) {
      while (ready.containsKey(lane) && !entering.containsKey(lane)) {
        Ticket ticket =
            link.engine()
                .admission()
                .enter(
                    lane.priority(),
                    lane.tenant(),
                    lane.alone(),
                    () -> mail.post(() -> granted(lane)));
        if (ticket.take()) {
          startFirst(lane, ticket);
        } else {
          entering.put(lane, ticket);
        }
      }
    }
  }

  private void granted(Lane lane) throws Exception {
    Ticket ticket = entering.get(lane);
    if (ticket != null && ticket.take()) {
      entering.remove(lane);
      startFirst(lane, ticket);
    }
  }

  private void startFirst(Lane lane, Ticket ticket) throws Exception {
    TreeSet<PromptKey> slots = ready.get(lane);
    PromptKey first = slots.pollFirst();
    if (slots.isEmpty()) {
      ready.remove(lane);
    }
    currentKey.accept(first.documentId());
    start(first, lane.priority(), ticket);
  }

  private void start(PromptKey slot, int priority, Ticket ticket) throws Exception {
    GenerationRequest generation;
    try {
      generation = generation(slot, priority);
    } catch (RuntimeException | StackOverflowError e) {
      ticket.close();
      LOG.warn("{}: cannot be built", slot, e);
      handler.onRefused(slot.documentId(), DeadLetterStage.PROMPT, DocumentOperator.reason(e));
      return;
    }
    InFlightPrompt flight = new InFlightPrompt(slot, ticket, mail, this);
    flying.put(slot, flight);
    ticket.charge(generation.prompt().length);
    try {
      flight.started(link.engine().submit(generation, flight));
    } catch (IllegalArgumentException e) {
      finish(flight);
      handler.onRefused(slot.documentId(), DeadLetterStage.PROMPT, e.getMessage());
    } catch (RuntimeException e) {
      flight.onError(e);
    }
  }

  private GenerationRequest generation(PromptKey slot, int priority) throws Exception {
    DocumentRequest request = state.request();
    DocumentPrompt unit = state.unit(slot.unit());
    String place = "/" + slot.stage() + "/" + slot.unit();
    SamplingParameters sampling =
        options.sampling().resolve(request.getSampling(), Seeds.of(slot.documentId() + place));
    Prompter prompter = link.preparer();
    int[] prompt =
        prompter.ids(
            state.progress().language(),
            unit.task(),
            SummaryPlanner.title(request),
            state.text(unit),
            unit.text());
    prompter.checkFits(prompt, sampling.maxNewTokens());
    // The engine logs it.
    String name = SafeText.text(slot.documentId(), RequestValidator.MAX_ID_LENGTH) + place;
    return new GenerationRequest(name, prompt, sampling, priority, request.getTenant(), 0);
  }

  @Override
  public void onFinished(InFlightPrompt flight, GenerationResult result) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    Usage usage = result.usage();
    flight.ticket.charge(usage.completionTokens() - usage.cachedTokens());
    finish(flight);
    link.answered();
    metrics.prompts.inc();
    int index = flight.slot.unit();
    boolean cut = result.finishReason() == FinishReason.LENGTH;
    state.answer(
        index,
        state
            .unit(index)
            .answered(result.text(), cut, usage.promptTokens(), usage.completionTokens()));
    handler.onAnswered(flight.slot.documentId());
  }

  @Override
  public void onError(InFlightPrompt flight, Throwable error) throws Exception {
    if (!isPresent(flight)) {
      return;
    }
    finish(flight);
    boolean died = error instanceof EngineStoppedException;
    if (died && !((EngineStoppedException) error).isSuspect()) {
      LOG.info("{} goes to another engine.", flight.slot);
      add(flight.slot);
    } else {
      failed(flight.slot, died, error);
    }
  }

  private void failed(PromptKey slot, boolean died, Throwable error) throws Exception {
    DocumentPrompt unit = state.unit(slot.unit());
    DocumentPrompt failed = unit.failedOnce(died);
    LOG.warn("Attempt {} at {} failed", failed.attempts(), slot, error);
    // Of an engine's death only who was alone with it is guilty.
    boolean proven = !died || unit.suspect();
    if (proven && failed.attempts() >= retries.maxAttempts()) {
      handler.onRefused(
          slot.documentId(),
          DeadLetterStage.GENERATE,
          "the engine failed " + failed.attempts() + " times, at last with: " + error);
    } else {
      metrics.retries.inc();
      state.replace(slot.unit(), failed);
      retries.waitForNext(slot, failed.attempts());
    }
  }

  /** Makes a unit of the current document ready whose wait may be over. */
  void onRetry(PromptKey slot, long time) throws Exception {
    if (retries.onTimer(slot, time)) {
      add(slot);
    }
  }

  private boolean isPresent(InFlightPrompt flight) {
    return flying.get(flight.slot) == flight;
  }

  private void finish(InFlightPrompt flight) {
    flying.remove(flight.slot);
    flight.ticket.close();
    currentKey.accept(flight.slot.documentId());
  }

  /** Drops what is left of a document. */
  void forget(String documentId) {
    retries.forgetIf(slot -> slot.documentId().equals(documentId));
    ready.values().forEach(slots -> slots.removeIf(slot -> slot.documentId().equals(documentId)));
    ready.values().removeIf(TreeSet::isEmpty);
    for (Lane lane : List.copyOf(entering.keySet())) {
      if (!ready.containsKey(lane)) {
        entering.remove(lane).close();
      }
    }
    for (InFlightPrompt flight : List.copyOf(flying.values())) {
      if (flight.slot.documentId().equals(documentId)) {
        flying.remove(flight.slot);
        flight.abandon();
      }
    }
  }

  /** Takes back all that is in the engine: it may outlive this task and must not work for it. */
  void abandon() {
    entering.values().forEach(Ticket::close);
    entering.clear();
    flying.values().forEach(InFlightPrompt::abandon);
    flying.clear();
  }
}
