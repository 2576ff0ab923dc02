package io.millrace.engine.testing;

import io.millrace.engine.runtime.StepBatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** A {@link HashRuntime} whose steps wait for a test's permission once it is shut. */
public class GatedRuntime extends HashRuntime {
  private final Semaphore permits = new Semaphore(0);
  private final Semaphore arrivals = new Semaphore(0);
  private final AtomicLong computedTokens = new AtomicLong();
  private volatile boolean shut;

  public GatedRuntime(int blocks, int blockSize) {
    super(blocks, blockSize);
  }

  /** From now on each step needs a permission. */
  public void shut() {
    shut = true;
  }

  /** Lets everything pass from now on. */
  public void open() {
    shut = false;
    permits.release();
  }

  /** Waits until the engine stands before a step. */
  public void awaitStep() {
    arrivals.acquireUninterruptibly();
  }

  public void permitStep() {
    permits.release();
  }

  @Override
  public void step(StepBatch batch) {
    if (shut) {
      arrivals.release();
      permits.acquireUninterruptibly();
    }
    super.step(batch);
    computedTokens.addAndGet(batch.tokenCount());
  }

  /** Counts tokens from zero again; to be called while the engine stands before a step. */
  public void countFromHere() {
    computedTokens.set(0);
  }

  /** Rows of all steps counted. */
  public long computedTokens() {
    return computedTokens.get();
  }
}
