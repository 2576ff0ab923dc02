package io.millrace.engine.batching;

import io.millrace.engine.Admission;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.StepListener;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.schedule.Sequence;
import io.millrace.engine.schedule.StepPlanner;
import io.millrace.engine.schedule.draft.Drafter;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.engine.tokenize.Tokenizer;
import java.time.Clock;

/**
 * Batches all generations into common steps. One thread of its own runs the model; every public
 * method only checks its arguments and leaves a message for that thread.
 */
public final class ContinuousBatchingEngine implements Engine {
  /** While one sequence runs another waits, so that the batch is full at every step. */
  private static final int PLACES_PER_RUNNING = 2;

  private final Manifest manifest;
  private final Tokenizer tokenizer;
  private final ChatFormat chatFormat;
  private final int maxSequenceLength;
  private final Drafting drafting;
  private final StopIds stopIds;
  private final RequestChecks checks;
  private final Admission admission;
  private final EngineCommands inbox = new EngineCommands();
  private final EngineLoop loop;
  private final Thread thread;

  /**
   * Warms the runtime up and starts.
   *
   * @param runtime belongs to the engine from here on, which closes it
   * @param maxSequenceLength longest sequence; it must fit the runtime's KV pool
   * @param clock what deadlines are judged against
   */
  public ContinuousBatchingEngine(
      Manifest manifest,
      Tokenizer tokenizer,
      ChatFormat chatFormat,
      ModelRuntime runtime,
      Limits limits,
      int maxSequenceLength,
      Clock clock) {
    this(
        manifest,
        tokenizer,
        chatFormat,
        runtime,
        new KvCache(runtime.blockCount(), runtime.blockSize()),
        limits,
        maxSequenceLength,
        clock);
  }

  /**
   * @param kv of all the runtime's blocks; what it knows of them must be in them
   */
  public ContinuousBatchingEngine(
      Manifest manifest,
      Tokenizer tokenizer,
      ChatFormat chatFormat,
      ModelRuntime runtime,
      KvCache kv,
      Limits limits,
      int maxSequenceLength,
      Clock clock) {
    this.manifest = manifest;
    this.tokenizer = tokenizer;
    this.chatFormat = chatFormat;
    this.maxSequenceLength = maxSequenceLength;
    drafting = limits.drafting();
    stopIds = new StopIds(manifest, chatFormat);
    checks = new RequestChecks(tokenizer.vocabularySize(), maxSequenceLength);
    admission = new Admission(PLACES_PER_RUNNING * limits.runnable());
    checkFit(runtime);
    int vocabulary = tokenizer.vocabularySize();
    WarmUp.run(runtime, vocabulary, limits.maxBatchTokens());
    StepPlanner planner = new StepPlanner(limits, kv);
    loop = new EngineLoop(inbox, runtime, planner, vocabulary, clock);
    thread = new Thread(loop, "millrace-engine");
    thread.setDaemon(true);
    thread.start();
  }

  private void checkFit(ModelRuntime runtime) {
    long room = (long) runtime.blockCount() * runtime.blockSize();
    if (maxSequenceLength < 2 || maxSequenceLength > room) {
      throw new IllegalArgumentException(
          "engine.max-sequence-length is "
              + maxSequenceLength
              + ", it must be at least 2 and fit the KV pool, which holds "
              + room
              + " tokens: change it or engine.kv-cache-size");
    }
    if (tokenizer.vocabularySize() > runtime.logitColumns()) {
      throw new IllegalArgumentException(
          "the tokenizer has "
              + tokenizer.vocabularySize()
              + " ids but the model only "
              + runtime.logitColumns()
              + " logits: tokenizer and weights don't belong together");
    }
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    checks.check(request);
    GenerationHandle handle = new GenerationHandle(inbox);
    RunningGeneration generation =
        new RunningGeneration(
            request,
            listener,
            sequence(request),
            tokenizer.streamingDecoder(),
            stopIds.of(request.sampling()),
            maxSequenceLength,
            handle);
    handle.begin(generation);
    if (!inbox.put(generation, false)) {
      throw new EngineStoppedException(
          "the engine is closed, request " + request.id() + " can't be taken");
    }
    return handle;
  }

  private Sequence sequence(GenerationRequest request) {
    int[] prompt = request.prompt();
    Sequence sequence =
        new Sequence(
            prompt,
            request.priority(),
            request.tenant(),
            new PrefixKey(RopeAlpha.of(manifest.config(), prompt.length)));
    SamplingParameters sampling = request.sampling();
    if (sampling.draftTokens() > 0) {
      int room = Math.min(sampling.maxNewTokens(), maxSequenceLength - prompt.length);
      sequence.draftWith(new Drafter(drafting, sampling.draftTokens(), prompt.length + room));
    }
    return sequence;
  }

  @Override
  public Admission admission() {
    return admission;
  }

  @Override
  public boolean isStopped() {
    return inbox.isClosed();
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public ChatFormat chatFormat() {
    return chatFormat;
  }

  @Override
  public int maxSequenceLength() {
    return maxSequenceLength;
  }

  @Override
  public EngineStats stats() {
    return loop.stats();
  }

  /** Lets a listener hear of every step from now on, in place of the one before. */
  public void observe(StepListener listener) {
    loop.observe(listener);
  }

  @Override
  public void close() {
    inbox.close();
    if (Thread.currentThread() == thread) {
      return; // a listener closes: the loop ends after this call
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
