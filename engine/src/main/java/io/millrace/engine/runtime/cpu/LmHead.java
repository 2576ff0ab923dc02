package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;
import io.millrace.engine.runtime.kernel.RowKernels;

/** From the last layer's rows to logits. */
final class LmHead implements AutoCloseable {
  private final ModelConfig config;
  private final ModelWeights weights;
  private final StepRows step;
  private final WorkerPool workers;
  private final LinearBuffers logits;
  private final RowScratch[] scratch;
  private final StepTimings timings;

  /** For logits, which are wider than the rows of layers. */
  private final ThreadLocal<RowScratch> copyScratch;

  private final WorkerPool.Task normRow = this::normRow;
  private final WorkerPool.Task part = this::part;

  LmHead(
      ModelConfig config,
      ModelWeights weights,
      StepRows step,
      WorkerPool workers,
      LinearBuffers logits,
      RowScratch[] scratch,
      StepTimings timings) {
    this.config = config;
    this.weights = weights;
    this.step = step;
    this.workers = workers;
    this.logits = logits;
    this.scratch = scratch;
    this.copyScratch = ThreadLocal.withInitial(() -> new RowScratch(config.vocabularyRows()));
    this.timings = timings;
  }

  /** Multiplies the first rows of the step. */
  void run(int rows) {
    logits.resize(rows);
    if (rows == 0) {
      return;
    }
    workers.run(rows, normRow);
    logits.view(weights.head());
    timings.enter(Part.LINEAR);
    workers.run(weights.head().parts(), part);
    timings.enter(Part.OTHER);
  }

  private void normRow(int row, int worker) {
    RowScratch own = scratch[worker];
    int hidden = config.hiddenSize();
    RowKernels.rmsNorm(
        step.residual,
        row * hidden,
        hidden,
        weights.norm(),
        config.rmsNormEpsilon(),
        own.narrow,
        0);
    weights.head().put(logits, row, own.narrow, 0, own);
  }

  private void part(int index, int worker) {
    weights.head().run(logits, index);
  }

  void copyLogits(int row, float[] into) {
    weights.head().get(logits, row, into, copyScratch.get());
  }

  @Override
  public void close() {
    logits.close();
  }
}
