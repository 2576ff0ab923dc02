package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;
import io.millrace.engine.runtime.attention.KvStorage;
import io.millrace.engine.runtime.attention.PagedAttention;
import io.millrace.engine.runtime.attention.QueryKeys;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One step of a model.
 *
 * <p>ONNX Runtime multiplies matrices; everything between two products (norms, quantising and
 * rescaling, rotary embedding, attention, the gate) is done here, row by row. Between two
 * attentions rows don't need each other. So many rows are cut into blocks, each of which one thread
 * takes through all products of a layer, without waiting for others and with its activations in the
 * nearest caches. Few rows are one block on which all threads work: each product's columns are
 * shared out.
 */
final class ForwardPass implements AutoCloseable {
  /** Rows of a block: more don't make the products faster, but fill the caches. */
  private static final int BLOCK = 32;

  /** With fewer rows per thread, sharing the columns of the products is faster. */
  private static final int ROWS_PER_THREAD = 16;

  private final ModelConfig config;
  private final StepRows step;
  private final QueryKeys queryKeys;
  private final PagedAttention attention;
  private final WorkerPool workers;
  private final StepTimings timings;
  private final RowBlock together;
  private final RowBlock[] alone;
  private final LmHead head;

  private final WorkerPool.Task begin = this::begin;
  private final WorkerPool.Task advance = this::advance;
  private final WorkerPool.Task attend = this::attend;
  private int rows;
  private int blocks;
  private int layer;

  ForwardPass(
      ModelConfig config,
      ModelWeights weights,
      KvStorage pool,
      WorkerPool workers,
      StepTimings timings) {
    this.config = config;
    this.workers = workers;
    this.timings = timings;
    this.step = new StepRows(config);
    this.queryKeys = new QueryKeys(config, pool);
    this.attention = new PagedAttention(config, pool, workers.size());
    int widest =
        IntStream.of(
                config.hiddenSize(), step.attentionWidth(), config.qkvSize(), 2 * config.ffnSize())
            .max()
            .getAsInt();
    RowScratch[] scratch = new RowScratch[workers.size()];
    Arrays.setAll(scratch, i -> new RowScratch(widest));
    this.together = block(weights, Crew.all(workers), scratch);
    this.alone = new RowBlock[workers.size()];
    Arrays.setAll(alone, i -> block(weights, Crew.alone(i), scratch));
    this.head =
        new LmHead(config, weights, step, workers, weights.logitBuffers(), scratch, timings);
  }

  private RowBlock block(ModelWeights weights, Crew crew, RowScratch[] scratch) {
    return new RowBlock(
        config, weights, step, queryKeys, crew, weights.layerBuffers(), scratch, timings);
  }

  void run(StepBatch batch) {
    step.prepare(batch, queryKeys);
    attention.plan(batch);
    cut(batch.tokenCount());
    each(begin);
    int last = config.layers() - 1;
    for (layer = 0; layer < last; layer++) {
      attendAll();
      each(advance);
    }
    if (batch.logitRows().length > 0) {
      attendAll();
      cut(step.keepWanted());
      each(advance);
    }
    head.run(batch.logitRows().length);
  }

  /** As many blocks as keep all threads busy to the end. */
  private void cut(int count) {
    int threads = workers.size();
    rows = count;
    blocks = 1;
    if (threads == 1 || count >= threads * ROWS_PER_THREAD) {
      int rounds = (count + threads * BLOCK - 1) / (threads * BLOCK);
      blocks = rounds * threads;
    }
  }

  private void each(WorkerPool.Task task) {
    if (blocks == 1) {
      task.run(0, 0);
    } else {
      workers.run(blocks, task);
    }
  }

  private RowBlock block(int index, int worker) {
    int from = (int) ((long) rows * index / blocks);
    int to = (int) ((long) rows * (index + 1) / blocks);
    return (blocks == 1 ? together : alone[worker]).of(from, to - from);
  }

  private void begin(int index, int worker) {
    block(index, worker).begin();
  }

  private void advance(int index, int worker) {
    block(index, worker).advance(layer);
  }

  private void attendAll() {
    timings.enter(Part.ATTENTION);
    int items = attention.items();
    if (attention.worthSharing()) {
      workers.run(items, attend);
    } else {
      for (int i = 0; i < items; i++) {
        attend(i, 0);
      }
    }
    timings.enter(Part.OTHER);
  }

  private void attend(int item, int worker) {
    attention.run(item, worker, layer, step.queries, step.attended);
  }

  void copyLogits(int row, float[] into) {
    head.copyLogits(row, into);
  }

  @Override
  public void close() {
    together.close();
    for (RowBlock block : alone) {
      block.close();
    }
    head.close();
  }
}
