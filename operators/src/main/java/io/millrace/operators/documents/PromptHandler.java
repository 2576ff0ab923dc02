package io.millrace.operators.documents;

import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.Usage;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SafeText;
import io.millrace.operators.record.Seeds;
import io.millrace.operators.serving.DispatchHandler;
import io.millrace.operators.serving.EngineDispatcher;
import io.millrace.operators.serving.EngineLink;
import io.millrace.operators.serving.Lane;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;

/**
 * Writes the prompts of documents and puts their answers into the state. The prompts of a priority
 * and a tenant share a lane, so those of a document whose last stage has come overtake the parts of
 * later documents.
 */
final class PromptHandler implements DispatchHandler<PromptKey, PromptAttempt> {

  /** Hears of a document's prompts; it is the current key. */
  interface Listener {
    void onAnswered(String documentId) throws Exception;

    /** The document can have no summary. */
    void onRefused(String documentId, DeadLetterStage stage, String error) throws Exception;
  }

  private final DocumentState state;
  private final DocumentOptions options;
  private final EngineLink<Prompter> link;
  private final DocumentMetrics metrics;
  private final Listener listener;
  private EngineDispatcher<PromptKey, PromptAttempt> dispatcher;

  PromptHandler(
      DocumentState state,
      DocumentOptions options,
      EngineLink<Prompter> link,
      DocumentMetrics metrics,
      Listener listener) {
    this.state = state;
    this.options = options;
    this.link = link;
    this.metrics = metrics;
    this.listener = listener;
  }

  /** Must be called once, before all else. */
  void use(EngineDispatcher<PromptKey, PromptAttempt> prompts) {
    dispatcher = prompts;
  }

  /** Lets a prompt of the current document wait for a place in the engine. */
  void add(PromptKey key) throws Exception {
    DocumentRequest request = state.request();
    int priority = priority(request);
    String tenant = request.getTenant();
    Lane<PromptKey> lane =
        state.prompt(key.prompt()).suspect()
            ? new Lane<>(priority, tenant, true, key)
            : Lane.shared(priority, tenant);
    dispatcher.add(key, lane);
  }

  private int priority(DocumentRequest request) {
    return options.priority() + request.getPriority();
  }

  @Override
  public PromptAttempt prepare(PromptKey key) throws Exception {
    DocumentRequest request = state.request();
    DocumentPrompt prompt = state.prompt(key.prompt());
    String place = "/" + key.stage() + "/" + key.prompt();
    SummarySettings settings = state.settings();
    SamplingParameters sampling =
        settings.sampling().resolve(request.getSampling(), Seeds.of(key.documentId() + place));
    // The engine logs it.
    String name = SafeText.text(key.documentId(), RequestValidator.MAX_ID_LENGTH) + place;
    Prompter prompter = link.preparer();
    int[] ids =
        prompter.ids(
            settings,
            prompt.task(),
            SummaryPlanner.title(request),
            state.text(prompt),
            prompt.text());
    prompter.checkFits(ids, sampling.maxNewTokens());
    GenerationRequest generation =
        new GenerationRequest(name, ids, sampling, priority(request), request.getTenant(), 0);
    return new PromptAttempt(generation, prompt.attempts(), prompt.suspect());
  }

  @Override
  public void onReady(PromptKey key) throws Exception {
    add(key);
  }

  @Override
  public void onText(PromptKey key, PromptAttempt attempt, int index, String text) {
    throw new IllegalStateException("no prompt of a document streams");
  }

  @Override
  public void onAnswered(PromptKey key, PromptAttempt attempt, GenerationResult result)
      throws Exception {
    metrics.prompts.inc();
    Usage usage = result.usage();
    boolean cut = result.finishReason() == FinishReason.LENGTH;
    if (cut) {
      metrics.truncated.inc();
    }
    DocumentPrompt done =
        state
            .prompt(key.prompt())
            .answered(result.text(), cut, usage.promptTokens(), usage.completionTokens());
    state.answer(key.prompt(), done);
    listener.onAnswered(key.documentId());
  }

  @Override
  public void onRefused(PromptKey key, DeadLetterStage stage, String error) throws Exception {
    listener.onRefused(key.documentId(), stage, error);
  }

  @Override
  public boolean onFailed(PromptKey key, PromptAttempt attempt, boolean engineDied)
      throws Exception {
    state.replace(key.prompt(), state.prompt(key.prompt()).failedOnce(engineDied));
    return true;
  }
}
