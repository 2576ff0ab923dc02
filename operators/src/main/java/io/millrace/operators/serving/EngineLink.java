package io.millrace.operators.serving;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import org.apache.flink.util.function.FunctionWithException;

/**
 * A task's hold on its engine. Where one has died it opens another in its place: the job does not
 * restart for it.
 *
 * @param <P> what prepares the task's prompts; each engine has its own
 */
public final class EngineLink<P> implements AutoCloseable {
  private final EngineProvider provider;
  private final FunctionWithException<Engine, P, Exception> preparing;
  private final int maxDeaths;

  /** Metrics look at it from other threads. */
  private volatile Engine engine;

  private P preparer;
  private int deaths;

  /**
   * @param maxAttempts what a request gets that kills engines
   * @param preparing also checks that the engine is one that the task can use
   */
  public EngineLink(
      EngineProvider provider,
      int maxAttempts,
      FunctionWithException<Engine, P, Exception> preparing) {
    this.provider = provider;
    this.preparing = preparing;
    // A request that kills engines gets its attempts, and then perhaps the next one does.
    maxDeaths = 2 * (maxAttempts + 1);
  }

  /**
   * Opens the first engine.
   *
   * @param lastChance whether the job is to fail for good where there is none
   */
  public void open(boolean lastChance) throws Exception {
    try {
      acquire();
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      if (lastChance) {
        throw new EngineUnavailableException(e);
      }
      throw e;
    }
  }

  /** Opens another engine if this one has died; true if it did. */
  public boolean renew() throws Exception {
    if (!engine.isStopped()) {
      return false;
    }
    if (++deaths > maxDeaths) {
      throw new EngineStoppedException(
          "engines died "
              + deaths
              + " times without an answer between: no single request is to"
              + " blame");
    }
    close();
    acquire();
    if (engine.isStopped()) {
      throw new EngineStoppedException("the engine is closed and there is no other");
    }
    return true;
  }

  /** Tells that the engine works, so that deaths so far count no more. */
  public void hasAnswered() {
    deaths = 0;
  }

  public Engine engine() {
    return engine;
  }

  public P preparer() {
    return preparer;
  }

  private void acquire() throws Exception {
    engine = provider.acquire();
    preparer = preparing.apply(engine);
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
