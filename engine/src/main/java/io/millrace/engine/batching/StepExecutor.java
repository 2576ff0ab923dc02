package io.millrace.engine.batching;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.engine.schedule.ScheduledTokens;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a plan. If the whole batch fails, each of its sequences gets one try alone and without its
 * draft, so that only the one that the runtime can't compute is lost.
 */
final class StepExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(StepExecutor.class);
  private static final int NO_LOGITS = -1;

  /** Hears how each chunk of a plan went. */
  interface Outcome {

    /** A step of these chunks has been computed; each of them follows. */
    void stepped(List<ScheduledTokens> chunks);

    /**
     * @param row index for {@link ModelRuntime#copyLogits}, negative where the chunk asked for
     *     none; the rows of its draft follow
     */
    void computed(ScheduledTokens chunk, int row);

    void failed(ScheduledTokens chunk, RuntimeException error);
  }

  private final ModelRuntime runtime;
  private long steps;
  private int lastBatchTokens;
  private long nanos;

  StepExecutor(ModelRuntime runtime) {
    this.runtime = runtime;
  }

  void execute(List<ScheduledTokens> chunks, Outcome outcome) {
    try {
      run(chunks);
    } catch (RuntimeException e) {
      if (chunks.size() == 1 && chunks.get(0).draft().length == 0) {
        outcome.failed(chunks.get(0), e);
        return;
      }
      LOG.warn("A step of {} sequences failed; each is tried alone.", chunks.size(), e);
      for (ScheduledTokens chunk : chunks) {
        execute(List.of(chunk.withoutDraft()), outcome);
      }
      return;
    }
    outcome.stepped(chunks);
    int row = 0;
    for (ScheduledTokens chunk : chunks) {
      outcome.computed(chunk, chunk.reachesEnd() ? row : NO_LOGITS);
      row += chunk.logitRows();
    }
  }

  private void run(List<ScheduledTokens> chunks) {
    var batch = BatchBuilder.build(chunks);
    long started = System.nanoTime();
    try {
      runtime.step(batch);
    } catch (OutOfMemoryError | StackOverflowError e) {
      // One request's, like any other failure of a step: the engine and the others live on.
      throw new RuntimeFailureException(
          "a step of "
              + batch.tokenCount()
              + " tokens failed with "
              + e
              + ": raise -Xmx, or lower engine.max-batch-tokens or engine.max-sequence-length",
          e);
    }
    nanos += System.nanoTime() - started;
    steps++;
    lastBatchTokens = batch.tokenCount();
  }

  long steps() {
    return steps;
  }

  long nanos() {
    return nanos;
  }

  int lastBatchTokens() {
    return lastBatchTokens;
  }
}
