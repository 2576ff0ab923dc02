package io.millrace.operators;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;

/**
 * A task's hold on its engine. Where one has died it opens another in its place: the job does not
 * restart for it.
 */
final class EngineLink implements AutoCloseable {
  private final EngineProvider provider;
  private final TokenIdentity tokens;
  private final ConversationOptions options;
  private final int maxDeaths;

  /** Metrics look at it from other threads. */
  private volatile Engine engine;

  private TurnPreparer preparer;
  private int deaths;

  EngineLink(EngineProvider provider, TokenIdentity tokens, ConversationOptions options) {
    this.provider = provider;
    this.tokens = tokens;
    this.options = options;
    // A request that kills engines gets its attempts, and then perhaps the next one does.
    maxDeaths = 2 * (options.maxAttempts() + 1);
  }

  /**
   * Opens the first engine.
   *
   * @param lastChance whether the job is to fail for good where there is none
   */
  void open(boolean lastChance) throws Exception {
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
  boolean renew() throws Exception {
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

  /** Tells that the engine works. */
  void answered() {
    deaths = 0;
  }

  Engine engine() {
    return engine;
  }

  TurnPreparer preparer() {
    return preparer;
  }

  private void acquire() throws Exception {
    engine = provider.acquire();
    tokens.check(engine);
    preparer = new TurnPreparer(engine, options.sampling());
  }

  @Override
  public void close() {
    if (engine != null) {
      engine.close();
      engine = null;
    }
  }
}
