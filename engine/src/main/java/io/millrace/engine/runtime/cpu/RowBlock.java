package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;
import io.millrace.engine.runtime.attention.QueryKeys;
import io.millrace.engine.runtime.kernel.RowKernels;

/**
 * Some rows of a step on their way from one attention to the next, and the buffers for it. A row's
 * arithmetic has one order whatever the block, which is what makes int8 results batch-invariant:
 * the integer products are exact and nothing else mixes rows.
 */
final class RowBlock implements AutoCloseable {
  /** Items of rows per thread of a crew: so many that one that wakes late loses little. */
  private static final int ITEMS = 16;

  private final ModelConfig config;
  private final ModelWeights weights;
  private final StepRows step;
  private final QueryKeys queryKeys;
  private final Crew crew;
  private final LinearBuffers buffers;
  private final RowScratch[] scratch;
  private final StepTimings timings;

  // Kept, for a lambda that captures would be garbage at every use.
  private final RowTask embed = this::embed;
  private final RowTask quantiseForQkv = this::quantiseForQkv;
  private final RowTask storeKeys = this::storeKeys;
  private final RowTask quantiseForOutput = this::quantiseForOutput;
  private final RowTask quantiseForGateUp = this::quantiseForGateUp;
  private final RowTask quantiseForDown = this::quantiseForDown;
  private final RowTask addDown = this::addDown;
  private final WorkerPool.Task rowItem = this::rowItem;
  private final WorkerPool.Task part = this::part;

  private int from;
  private int rows;
  private int layer;
  private LayerWeights w;
  private RowTask rowTask;
  private int rowsPerItem;
  private Linear linear;

  RowBlock(
      ModelConfig config,
      ModelWeights weights,
      StepRows step,
      QueryKeys queryKeys,
      Crew crew,
      LinearBuffers buffers,
      RowScratch[] scratch,
      StepTimings timings) {
    this.config = config;
    this.weights = weights;
    this.step = step;
    this.queryKeys = queryKeys;
    this.crew = crew;
    this.buffers = buffers;
    this.scratch = scratch;
    this.timings = timings;
  }

  private interface RowTask {
    /**
     * @param row within the block
     */
    void run(int row, RowScratch own);
  }

  /** Turns to other rows of the step. */
  RowBlock of(int firstRow, int count) {
    from = firstRow;
    rows = count;
    buffers.resize(count);
    return this;
  }

  /** From tokens to the first layer's queries, keys and values. */
  void begin() {
    each(embed);
    project(0);
  }

  /** From a layer's attention to the next layer's queries, keys and values, if there is one. */
  void advance(int fromLayer) {
    enter(fromLayer);
    each(quantiseForOutput);
    multiply(w.output());
    each(quantiseForGateUp);
    multiply(w.gateUp());
    each(quantiseForDown);
    multiply(w.down());
    each(addDown);
    if (fromLayer + 1 < config.layers()) {
      project(fromLayer + 1);
    }
  }

  private void project(int intoLayer) {
    enter(intoLayer);
    each(quantiseForQkv);
    multiply(w.qkv());
    each(storeKeys);
  }

  private void enter(int newLayer) {
    layer = newLayer;
    w = weights.layer(newLayer);
  }

  private void multiply(Linear by) {
    linear = by;
    buffers.view(by);
    time(Part.LINEAR);
    crew.share(by.parts(), part);
    time(Part.OTHER);
  }

  private void time(Part next) {
    if (crew.leads()) {
      timings.enter(next);
    }
  }

  private void part(int index, int worker) {
    linear.run(buffers, index);
  }

  private void each(RowTask task) {
    rowTask = task;
    rowsPerItem = (rows + ITEMS - 1) / ITEMS;
    crew.share((rows + rowsPerItem - 1) / rowsPerItem, rowItem);
  }

  private void rowItem(int item, int worker) {
    int end = Math.min(rows, (item + 1) * rowsPerItem);
    for (int row = item * rowsPerItem; row < end; row++) {
      rowTask.run(row, scratch[worker]);
    }
  }

  private void embed(int row, RowScratch own) {
    int token = step.batch().tokens()[from + row];
    weights.embedding().lookup(token, step.residual, residual(row), own.bytes);
  }

  private void quantiseForQkv(int row, RowScratch own) {
    norm(w.attentionNorm(), row, own);
    w.qkv().put(buffers, row, own.narrow, 0, own);
  }

  private void storeKeys(int row, RowScratch own) {
    w.qkv().get(buffers, row, own.wide, own);
    if (w.qkvBias() != null) {
      RowKernels.add(w.qkvBias(), w.qkv().outputs(), own.wide, 0);
    }
    int stepRow = from + row;
    queryKeys.prepare(
        layer,
        own.wide,
        w.qNorm(),
        w.kNorm(),
        step.rope(stepRow),
        step.position(stepRow),
        step.batch().blockTables()[step.sequence(stepRow)],
        step.queries,
        stepRow * step.attentionWidth());
  }

  private void quantiseForOutput(int row, RowScratch own) {
    w.output().put(buffers, row, step.attended, (from + row) * step.attentionWidth(), own);
  }

  private void quantiseForGateUp(int row, RowScratch own) {
    w.output().addTo(buffers, row, step.residual, residual(row), own);
    norm(w.mlpNorm(), row, own);
    w.gateUp().put(buffers, row, own.narrow, 0, own);
  }

  private void quantiseForDown(int row, RowScratch own) {
    w.gateUp().siluMultiply(buffers, row, own.narrow, own);
    w.down().put(buffers, row, own.narrow, 0, own);
  }

  private void addDown(int row, RowScratch own) {
    w.down().addTo(buffers, row, step.residual, residual(row), own);
  }

  private void norm(float[] weight, int row, RowScratch own) {
    RowKernels.rmsNorm(
        step.residual,
        residual(row),
        config.hiddenSize(),
        weight,
        config.rmsNormEpsilon(),
        own.narrow,
        0);
  }

  private int residual(int row) {
    return (from + row) * config.hiddenSize();
  }

  @Override
  public void close() {
    buffers.close();
  }
}
