package io.millrace.engine.batching;

import io.millrace.engine.EngineStats;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.StepListener;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;
import io.millrace.engine.sample.BadLogitsException;
import io.millrace.engine.schedule.ScheduledTokens;
import io.millrace.engine.schedule.Sequence;
import io.millrace.engine.schedule.StepPlanner;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's own thread: the only one that touches planner, runtime and generations. It parks
 * while there is nothing to do.
 */
final class EngineLoop implements Runnable, StepExecutor.Outcome {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  private final EngineCommands inbox;
  private final ModelRuntime runtime;
  private final StepPlanner planner;
  private final StepExecutor executor;
  private final BatchSampler nextToken;
  private final Clock clock;
  private final StepTimings timings;
  private final Map<Sequence, RunningGeneration> generations = new LinkedHashMap<>();

  /** What was taken from the inbox and may not have been handled yet. */
  private List<EngineCommands.Message> commands = List.of();

  /** For those whom an exhausted heap leaves nothing else to hear. */
  private final EngineStoppedException outOfMemory =
      new EngineStoppedException("the engine failed: there was no memory left: raise -Xmx");

  /** What the engine is at work on. */
  private List<ScheduledTokens> atWork = List.of();

  private long promptTokens;
  private long cachedTokens;
  private long generatedTokens;
  private long draftedTokens;
  private long acceptedTokens;
  private int plannedDecodes;
  private int plannedPromptTokens;
  private volatile EngineStats stats;
  private volatile StepListener stepListener;

  EngineLoop(
      EngineCommands inbox,
      ModelRuntime runtime,
      StepPlanner planner,
      int vocabulary,
      Clock clock) {
    this.inbox = inbox;
    this.runtime = runtime;
    this.planner = planner;
    this.clock = clock;
    timings = runtime.timings();
    executor = new StepExecutor(runtime);
    nextToken = new BatchSampler(runtime, vocabulary);
    publishStats();
  }

  @Override
  public void run() {
    Throwable failure = null;
    try {
      while (!inbox.isClosed()) {
        boolean parks = planner.isIdle();
        commands = inbox.take(parks);
        if (parks) {
          timings.begin();
        }
        commands.forEach(this::handle);
        commands = List.of();
        expireDeadlines();
        if (!planner.isIdle()) {
          step();
        }
        publishStats();
      }
    } catch (Throwable e) {
      failure = e;
    }
    shutDown(failure);
  }

  private void step() {
    atWork = planner.plan();
    plannedDecodes = 0;
    plannedPromptTokens = 0;
    atWork.forEach(this::start);
    long generatedBefore = generatedTokens;
    executor.execute(atWork, this);
    atWork = List.of();
    timings.enter(Part.SCHEDULING);
    StepListener listener = stepListener;
    if (listener != null) {
      listener.onStep(
          timings, plannedDecodes, plannedPromptTokens, (int) (generatedTokens - generatedBefore));
    }
    // What follows until the next plan belongs to the next step.
    timings.begin();
  }

  private void handle(EngineCommands.Message message) {
    RunningGeneration generation = message.generation();
    if (!message.cancel()) {
      generations.put(generation.sequence(), generation);
      planner.add(generation.sequence());
    } else if (generations.containsKey(generation.sequence())) {
      finish(generation, FinishReason.CANCELLED);
    }
  }

  private void expireDeadlines() {
    long now = clock.millis();
    List<RunningGeneration> expired =
        generations.values().stream().filter(g -> g.isExpired(now)).toList();
    expired.forEach(g -> finish(g, FinishReason.DEADLINE));
  }

  private void start(ScheduledTokens chunk) {
    if (chunk.reachesEnd() && chunk.sequence().generatedCount() > 0) {
      plannedDecodes++;
    } else {
      plannedPromptTokens += chunk.tokens();
    }
    if (generations.get(chunk.sequence()).start()) {
      promptTokens += chunk.sequence().promptLength();
    }
  }

  @Override
  public void stepped(List<ScheduledTokens> chunks) {
    timings.enter(Part.SAMPLING);
    nextToken.clear();
    for (ScheduledTokens chunk : chunks) {
      nextToken.expect(generations.get(chunk.sequence()), chunk.logitRows());
    }
    nextToken.chooseFirst();
    timings.enter(Part.SCHEDULING);
  }

  @Override
  public void computed(ScheduledTokens chunk, int row) {
    Sequence sequence = chunk.sequence();
    RunningGeneration generation = generations.get(sequence);
    int cachedBefore = sequence.cachedTokens();
    planner.complete(chunk);
    cachedTokens += sequence.cachedTokens() - cachedBefore;
    if (row < 0) {
      return;
    }
    timings.enter(Part.SAMPLING);
    try {
      int generatedBefore = sequence.generatedCount();
      int acceptedBefore = sequence.acceptedTokens();
      FinishReason reason = nextToken.choose(generation, chunk, row);
      generatedTokens += sequence.generatedCount() - generatedBefore;
      draftedTokens += chunk.draft().length;
      acceptedTokens += sequence.acceptedTokens() - acceptedBefore;
      if (reason != null) {
        finish(generation, reason);
      }
    } catch (RuntimeException e) {
      fail(generation, e);
    }
    timings.enter(Part.SCHEDULING);
  }

  @Override
  public void failed(ScheduledTokens chunk, RuntimeException error) {
    fail(generations.get(chunk.sequence()), error);
  }

  private void finish(RunningGeneration generation, FinishReason reason) {
    planner.remove(generation.sequence());
    publishStats();
    generation.finish(reason);
    // Not before it has heard: whatever goes wrong until then, shutDown finds it here.
    generations.remove(generation.sequence());
  }

  private void fail(RunningGeneration generation, RuntimeException error) {
    LOG.warn("Request {} failed.", generation.id(), error);
    if (error instanceof BadLogitsException) {
      planner.discard(generation.sequence());
    } else {
      planner.remove(generation.sequence());
    }
    publishStats();
    generation.fail(error);
    generations.remove(generation.sequence());
  }

  /**
   * Ends every generation: those that run or wait, and those not yet taken from the inbox. The heap
   * may be exhausted and a listener may throw anything, so no step of it relies on the one before.
   *
   * @param failure what the engine died of; null where it was closed
   */
  private void shutDown(Throwable failure) {
    inbox.close();
    // Gone before anybody hears of it and opens another engine, which needs the memory.
    attempt(runtime::close);
    if (failure != null) {
      attempt(() -> LOG.error("The engine stops: its own thread failed.", failure));
    }
    generations.values().forEach(generation -> end(generation, failure));
    generations.clear();
    commands.forEach(command -> end(command.generation(), failure));
    commands = List.of();
    inbox.take(false).forEach(command -> end(command.generation(), failure));
  }

  private void end(RunningGeneration generation, Throwable failure) {
    attempt(() -> generation.fail(reason(generation.sequence(), failure)));
    // Where there was not even memory for the reason; does nothing to one that has heard it.
    attempt(() -> generation.fail(outOfMemory));
  }

  private EngineStoppedException reason(Sequence sequence, Throwable failure) {
    return failure == null
        ? new EngineStoppedException("the engine was closed")
        : new EngineStoppedException("the engine failed: " + failure, failure, isSuspect(sequence));
  }

  private boolean isSuspect(Sequence sequence) {
    if (atWork.isEmpty()) {
      return generations.containsKey(sequence);
    }
    for (ScheduledTokens chunk : atWork) {
      if (chunk.sequence() == sequence) {
        return true;
      }
    }
    return false;
  }

  private static void attempt(Runnable part) {
    try {
      part.run();
    } catch (Throwable e) {
      try {
        LOG.error("The engine has stopped, and a part of that failed.", e);
      } catch (Throwable unlogged) {
        // No memory to say so, but the others must still hear.
      }
    }
  }

  private void publishStats() {
    stats =
        new EngineStats(
            planner.runningCount(),
            planner.waitingCount(),
            planner.pool().used(),
            planner.pool().idle(),
            planner.pool().total(),
            executor.steps(),
            promptTokens,
            cachedTokens,
            generatedTokens,
            draftedTokens,
            acceptedTokens,
            planner.preemptions(),
            executor.lastBatchTokens(),
            executor.nanos());
  }

  void observe(StepListener listener) {
    stepListener = listener;
  }

  EngineStats stats() {
    return stats;
  }
}
