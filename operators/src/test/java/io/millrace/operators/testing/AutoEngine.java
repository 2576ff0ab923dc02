package io.millrace.operators.testing;

import io.millrace.engine.Admission;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineStats;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.tokenize.Tokenizer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link TestEngine} that answers by itself on a thread of its own, each request some time after
 * it came, up to a number of answers; then it holds what runs. A test can crash it.
 */
public final class AutoEngine implements Engine {
  private static final int PLACES = 64;
  private static final long ANSWER_MILLIS = 20;

  private final TestEngine engine;
  private final AtomicInteger answered = new AtomicInteger();
  private final int maxAnswers;
  private volatile long answerMillis;
  private volatile int mostRunning;
  private boolean held;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread daemon = new Thread(work, "auto-engine");
            daemon.setDaemon(true);
            return daemon;
          });

  public AutoEngine(int maxAnswers) {
    this(maxAnswers, ANSWER_MILLIS);
  }

  /**
   * @param answerMillis how long it takes for an answer, whatever else it answers
   */
  public AutoEngine(int maxAnswers, long answerMillis) {
    this(maxAnswers, PLACES, answerMillis);
  }

  /**
   * @param places as of {@link Admission}
   * @param answerMillis how long it takes for an answer, whatever else it answers
   */
  public AutoEngine(int maxAnswers, int places, long answerMillis) {
    this.maxAnswers = maxAnswers;
    this.answerMillis = answerMillis;
    engine = new TestEngine(places);
  }

  /** Answers what comes from now on at another speed. */
  public void answerIn(long millis) {
    answerMillis = millis;
  }

  @Override
  public synchronized Generation submit(GenerationRequest request, GenerationListener listener) {
    Generation generation = engine.submit(request, listener);
    mostRunning = Math.max(mostRunning, engine.stats().running());
    answerLater(request);
    return generation;
  }

  private void answerLater(GenerationRequest request) {
    thread.schedule(() -> answer(request), answerMillis, TimeUnit.MILLISECONDS);
  }

  private synchronized void answer(GenerationRequest request) {
    if (held) {
      answerLater(request);
      return;
    }
    // One step for whoever cancels from another thread.
    synchronized (engine) {
      if (answered.get() < maxAnswers && engine.running().contains(request.id())) {
        String text = TestEngine.answerTo(request.prompt());
        engine.text(request.id(), 0, text.substring(0, 4));
        engine.text(request.id(), 1, text.substring(4));
        engine.finish(request.id(), FinishReason.STOP);
        answered.incrementAndGet();
      }
    }
  }

  /** How many requests it has answered. */
  public int answered() {
    return answered.get();
  }

  /** How many requests it held at once at most. */
  public int mostRunning() {
    return mostRunning;
  }

  /** Goes on to take requests and lets them wait, or answers again. */
  public synchronized void hold(boolean hold) {
    held = hold;
  }

  /** Fails all that runs, and everything from now on, as an engine does that was closed. */
  public synchronized void crash() {
    engine.close();
    engine.failAll(new EngineStoppedException("the engine crashed"));
  }

  @Override
  public Admission admission() {
    return engine.admission();
  }

  @Override
  public boolean isStopped() {
    return engine.isStopped();
  }

  @Override
  public Manifest manifest() {
    return engine.manifest();
  }

  @Override
  public Tokenizer tokenizer() {
    return engine.tokenizer();
  }

  @Override
  public ChatFormat chatFormat() {
    return engine.chatFormat();
  }

  @Override
  public int maxSequenceLength() {
    return engine.maxSequenceLength();
  }

  @Override
  public EngineStats stats() {
    return engine.stats();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    engine.close();
  }
}
