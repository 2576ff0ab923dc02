package io.millrace.operators.testing;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.StepTimings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** A runtime that keeps what each step computed; the warm-up is none of them. */
public final class RecordedRuntime implements ModelRuntime {

  /**
   * @param inputs the tokens that it computed of each sequence
   */
  public record Step(List<int[]> inputs, int tokens) {

    private static final int DISTINCT = 16;

    /** Whether it computed the end of this prompt, and so its first token. */
    public boolean ends(int[] prompt) {
      return inputs.stream()
          .anyMatch(
              input ->
                  input.length >= DISTINCT
                      && input.length <= prompt.length
                      && Arrays.equals(
                          input,
                          Arrays.copyOfRange(prompt, prompt.length - input.length, prompt.length)));
    }
  }

  private final ModelRuntime runtime;
  private final List<Step> steps = new ArrayList<>();

  /** Is told of each step before it is computed; null before the first. */
  private volatile IntConsumer before;

  public RecordedRuntime(ModelRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Begins to record.
   *
   * @param observer hears the number of each step, from 0, on the engine's thread before it
   */
  public void record(IntConsumer observer) {
    before = observer;
  }

  public synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  @Override
  public void step(StepBatch batch) {
    IntConsumer observer = before;
    if (observer != null) {
      observer.accept(add(batch));
    }
    runtime.step(batch);
  }

  private synchronized int add(StepBatch batch) {
    List<int[]> inputs = new ArrayList<>();
    for (int i = 0; i < batch.sequences(); i++) {
      inputs.add(Arrays.copyOfRange(batch.tokens(), batch.start()[i], batch.start()[i + 1]));
    }
    steps.add(new Step(inputs, batch.tokenCount()));
    return steps.size() - 1;
  }

  @Override
  public int blockSize() {
    return runtime.blockSize();
  }

  @Override
  public int blockCount() {
    return runtime.blockCount();
  }

  @Override
  public int logitColumns() {
    return runtime.logitColumns();
  }

  @Override
  public void copyLogits(int row, float[] into) {
    runtime.copyLogits(row, into);
  }

  @Override
  public int workers() {
    return runtime.workers();
  }

  @Override
  public void share(int items, Work work) {
    runtime.share(items, work);
  }

  @Override
  public StepTimings timings() {
    return runtime.timings();
  }

  @Override
  public void fillKvCache(long seed) {
    runtime.fillKvCache(seed);
  }

  @Override
  public void close() {
    runtime.close();
  }
}
