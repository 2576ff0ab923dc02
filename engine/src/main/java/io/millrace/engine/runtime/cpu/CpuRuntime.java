package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;
import io.millrace.engine.runtime.attention.KvStorage;
import io.millrace.engine.runtime.attention.RandomKv;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;

/** Runs a prepared model on the CPU: ONNX Runtime for the linear layers, Java for attention. */
public final class CpuRuntime implements ModelRuntime {
  private final ModelConfig config;
  private final int blockSize;
  private final int blockCount;
  private final WorkerPool workers;
  private final OnnxEnvironment environment;

  // What takes the memory; null once closed, since others may hold a closed runtime for long.
  private KvStorage pool;
  private ModelWeights weights;
  private ForwardPass pass;

  private final StepChecks checks;
  private final StepTimings timings = new StepTimings();
  private int logitRows;
  private boolean closed;

  private CpuRuntime(
      PreparedModel model,
      KvStorage pool,
      WorkerPool workers,
      OnnxEnvironment environment,
      ModelWeights weights) {
    this.config = model.config();
    this.pool = pool;
    this.blockSize = pool.blockSize();
    this.blockCount = pool.blockCount();
    this.workers = workers;
    this.environment = environment;
    this.weights = weights;
    this.checks = new StepChecks(config.vocabularyRows(), blockSize, blockCount);
    this.pass = new ForwardPass(config, weights, pool, workers, timings);
  }

  /**
   * Opens a prepared model.
   *
   * @param blockSize tokens of a KV block, 16 or 32: what the attention kernels read at one time
   * @throws io.millrace.engine.runtime.RuntimeFailureException if the native library or the model
   *     cannot be loaded, or the KV pool does not fit in memory
   * @throws java.io.UncheckedIOException if the weights cannot be read
   */
  public static CpuRuntime open(PreparedModel model, RuntimeOptions options, int blockSize) {
    if (blockSize != 16 && blockSize != 32) {
      throw new IllegalArgumentException("blockSize is " + blockSize + ": use 16 or 32");
    }
    KvStorage pool =
        new KvStorage(model.config(), options.kvType(), blockSize, options.kvCacheBytes());
    OnnxEnvironment environment = OnnxEnvironment.acquire();
    WorkerPool workers = null;
    ModelWeights weights = null;
    try {
      workers = new WorkerPool(options.threads(), options.spin());
      weights = new ModelWeights(environment, model, workers);
      return new CpuRuntime(model, pool, workers, environment, weights);
    } catch (RuntimeException | Error e) {
      if (weights != null) {
        weights.close();
      }
      if (workers != null) {
        workers.close();
      }
      environment.close();
      throw e;
    }
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int blockCount() {
    return blockCount;
  }

  @Override
  public int logitColumns() {
    return config.vocabularyRows();
  }

  @Override
  public void step(StepBatch batch) {
    checkOpen();
    checks.check(batch);
    logitRows = 0;
    timings.enter(Part.OTHER);
    pass.run(batch);
    timings.enter(Part.SCHEDULING);
    logitRows = batch.logitRows().length;
  }

  @Override
  public void copyLogits(int row, float[] into) {
    checkOpen();
    if (row < 0 || row >= logitRows) {
      throw new IndexOutOfBoundsException(
          "logits of row " + row + ": the latest step has " + logitRows + " rows of logits");
    }
    pass.copyLogits(row, into);
  }

  @Override
  public int workers() {
    return workers.size();
  }

  @Override
  public void share(int items, Work work) {
    workers.run(items, work::run);
  }

  @Override
  public StepTimings timings() {
    return timings;
  }

  @Override
  public void fillKvCache(long seed) {
    checkOpen();
    workers.run(config.layers(), (layer, worker) -> RandomKv.fill(pool, config, layer, seed));
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the runtime is closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    workers.close();
    pass.close();
    weights.close();
    environment.close();
    pool = null;
    weights = null;
    pass = null;
  }
}
