package io.millrace.tools.chaos;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.ForwardingEngine;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine that fails, or holds, on demand. The demand is a file, so that it may come from another
 * JVM; whichever engine takes the file away first is the one that fails. All engines hold for as
 * long as the file for it is there.
 */
final class FaultyEngine extends ForwardingEngine {
  /** Fails all that runs; the engine lives on. */
  static final String ERROR = "engine-error";

  /** Fails all that runs, and everything from then on. */
  static final String CRASH = "engine-crash";

  /** Holds each answer at its next piece of text. */
  static final String HOLD = "engine-hold";

  private static final Logger LOG = LoggerFactory.getLogger(FaultyEngine.class);
  private static final long LOOK_MILLIS = 20;

  private final Path demands;
  private final Set<Running> running = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "engine-faults");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean crashed;
  private volatile boolean closed;

  /**
   * @param demands the directory to look for files in
   */
  FaultyEngine(Engine engine, Path demands) {
    super(engine);
    this.demands = demands;
    watch.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Waits for something to fail on: a demand must meet an answer that has begun. */
  private void look() {
    try {
      if (crashed || running.stream().noneMatch(one -> one.begun)) {
        return;
      }
      if (Files.deleteIfExists(demands.resolve(ERROR))) {
        LOG.warn("Failing {} generations on demand", running.size());
        failAll(new IllegalStateException("an engine error on demand"));
      } else if (Files.deleteIfExists(demands.resolve(CRASH))) {
        LOG.warn("Stopping the engine on demand");
        crashed = true;
        failAll(new EngineStoppedException("an engine crash on demand", null, true));
      }
    } catch (IOException e) {
      LOG.warn("Cannot look for demands in {}", demands, e);
    }
  }

  /** Keeps the engine's own thread, so that no answer goes on while the demand is there. */
  private void hold() {
    Path demand = demands.resolve(HOLD);
    try {
      while (!closed && Files.exists(demand)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failAll(Throwable error) {
    Set.copyOf(running).forEach(one -> one.onError(error));
  }

  @Override
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    if (crashed) {
      throw new EngineStoppedException("the engine crashed on demand");
    }
    Running one = new Running(listener);
    running.add(one);
    try {
      one.generation = super.submit(request, one);
    } catch (RuntimeException e) {
      running.remove(one);
      throw e;
    }
    return one;
  }

  /** A generation that may end before the engine knows. */
  private final class Running implements GenerationListener, Generation {
    private final GenerationListener listener;
    private volatile Generation generation;
    private volatile boolean begun;
    private boolean ended;

    private Running(GenerationListener listener) {
      this.listener = listener;
    }

    @Override
    public synchronized void onText(int index, String text) {
      if (!ended) {
        listener.onText(index, text);
        begun = true;
      }
      hold();
    }

    @Override
    public synchronized void onFinished(GenerationResult result) {
      if (end()) {
        listener.onFinished(result);
      }
    }

    @Override
    public synchronized void onError(Throwable error) {
      if (end()) {
        listener.onError(error);
        if (generation != null) {
          generation.cancel();
        }
      }
    }

    private boolean end() {
      boolean first = !ended;
      ended = true;
      running.remove(this);
      return first;
    }

    @Override
    public void cancel() {
      if (generation != null) {
        generation.cancel();
      }
    }
  }

  @Override
  public boolean isStopped() {
    return crashed || super.isStopped();
  }

  @Override
  public void close() {
    closed = true;
    watch.shutdownNow();
    super.close();
  }
}
