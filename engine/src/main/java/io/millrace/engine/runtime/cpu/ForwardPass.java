package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.attention.KvPool;
import io.millrace.engine.runtime.attention.PagedAttention;
import io.millrace.engine.runtime.attention.QueryKeys;
import io.millrace.engine.runtime.attention.RopeTable;
import io.millrace.engine.runtime.kernel.RowKernels;
import java.util.Arrays;

/**
 * One step of a model.
 *
 * <p>ONNX Runtime multiplies matrices; everything between two products (norms, quantising and
 * rescaling, rotary embedding, attention, the gate) is done here, row by row while the row is in
 * the nearest cache. A row's arithmetic has one order whatever the batch, which is what makes int8
 * results batch-invariant: the integer products are exact and nothing else mixes rows.
 */
final class ForwardPass implements AutoCloseable {
  /** Rows that a worker takes at once. */
  private static final int ROWS = 4;

  private final ModelConfig config;
  private final ModelWeights weights;
  private final QueryKeys queryKeys;
  private final PagedAttention attention;
  private final WorkerPool workers;
  private final LinearBuffers buffers;
  private final LinearBuffers logits;
  private final RowScratch[] scratch;

  private float[] residual = new float[0];
  private float[] queries = new float[0];
  private float[] attended = new float[0];
  private int[] sequenceOf = new int[0];
  private RopeTable[] ropes = new RopeTable[0];
  private int[] logitScratch = new int[0];

  ForwardPass(
      ModelConfig config,
      Precision precision,
      ModelWeights weights,
      KvPool pool,
      WorkerPool workers) {
    this.config = config;
    this.weights = weights;
    this.workers = workers;
    this.queryKeys = new QueryKeys(config, pool);
    this.attention = new PagedAttention(config, pool, workers.size());
    int attentionWidth = config.heads() * config.headDim();
    int widestInput = max(config.hiddenSize(), attentionWidth, config.ffnSize());
    int widestOutput = max(config.hiddenSize(), config.qkvSize(), 2 * config.ffnSize());
    this.buffers = new LinearBuffers(precision, widestInput, widestOutput);
    this.logits = new LinearBuffers(precision, config.hiddenSize(), config.vocabularyRows());
    this.scratch = new RowScratch[workers.size()];
    Arrays.setAll(scratch, i -> new RowScratch(Math.max(widestInput, widestOutput)));
  }

  private static int max(int... values) {
    return Arrays.stream(values).max().getAsInt();
  }

  void run(StepBatch batch) {
    int tokens = batch.tokenCount();
    prepare(batch, tokens);
    attention.plan(batch);
    rows(tokens, (row, own) -> embed(batch, row, own));
    for (int l = 0; l < config.layers(); l++) {
      int layer = l;
      LayerWeights w = weights.layer(layer);
      buffers.resize(tokens);
      rows(tokens, (row, own) -> normInto(w.qkv(), w.attentionNorm(), row, own));
      w.qkv().run(buffers);
      rows(tokens, (row, own) -> queryKeys(batch, layer, w, row, own));
      int kept = layer == config.layers() - 1 ? keepWanted(batch, layer) : attendAll(layer, tokens);
      mlp(w, kept);
    }
    head(batch.logitRows().length);
  }

  private void prepare(StepBatch batch, int tokens) {
    int attentionWidth = config.heads() * config.headDim();
    if (sequenceOf.length < tokens) {
      residual = new float[Math.multiplyExact(tokens, config.hiddenSize())];
      queries = new float[Math.multiplyExact(tokens, attentionWidth)];
      attended = new float[queries.length];
      sequenceOf = new int[tokens];
    }
    if (ropes.length < batch.sequences()) {
      ropes = new RopeTable[batch.sequences()];
    }
    for (int s = 0; s < batch.sequences(); s++) {
      int from = batch.start()[s];
      int to = batch.start()[s + 1];
      Arrays.fill(sequenceOf, from, to, s);
      ropes[s] = queryKeys.rope(batch.ropeAlpha()[s], batch.past()[s] + to - from);
    }
  }

  private void embed(StepBatch batch, int row, RowScratch own) {
    int from = row * config.hiddenSize();
    weights.embedding().lookup(batch.tokens()[row], residual, from, own.bytes);
  }

  private void normInto(Linear linear, float[] norm, int row, RowScratch own) {
    int hidden = config.hiddenSize();
    RowKernels.rmsNorm(
        residual, row * hidden, hidden, norm, config.rmsNormEpsilon(), own.narrow, 0);
    linear.put(buffers, row, own.narrow, 0, own);
  }

  private void queryKeys(StepBatch batch, int layer, LayerWeights w, int row, RowScratch own) {
    w.qkv().get(buffers, row, own.wide, own.ints);
    if (w.qkvBias() != null) {
      RowKernels.add(w.qkvBias(), w.qkv().outputs(), own.wide, 0);
    }
    int s = sequenceOf[row];
    int position = batch.past()[s] + row - batch.start()[s];
    queryKeys.prepare(
        layer,
        own.wide,
        w.qNorm(),
        w.kNorm(),
        ropes[s],
        position,
        batch.blockTables()[s],
        queries,
        row * config.heads() * config.headDim());
  }

  private int attendAll(int layer, int tokens) {
    int items = attention.items();
    if (attention.worthSharing()) {
      workers.run(items, (i, worker) -> attention.run(i, worker, layer, queries, attended));
    } else {
      for (int i = 0; i < items; i++) {
        attention.run(i, 0, layer, queries, attended);
      }
    }
    return tokens;
  }

  /** In the last layer only rows whose logits are wanted go on. */
  private int keepWanted(StepBatch batch, int layer) {
    int[] wanted = batch.logitRows();
    if (wanted.length == 0) {
      return 0;
    }
    attendAll(layer, batch.tokenCount());
    int hidden = config.hiddenSize();
    int width = config.heads() * config.headDim();
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(residual, wanted[i] * hidden, residual, i * hidden, hidden);
      System.arraycopy(attended, wanted[i] * width, attended, i * width, width);
    }
    buffers.resize(wanted.length);
    return wanted.length;
  }

  private void mlp(LayerWeights w, int rows) {
    if (rows == 0) {
      return;
    }
    int width = w.output().inputs();
    rows(rows, (row, own) -> w.output().put(buffers, row, attended, row * width, own));
    w.output().run(buffers);
    rows(
        rows,
        (row, own) -> {
          addToResidual(w.output(), row, own);
          normInto(w.gateUp(), w.mlpNorm(), row, own);
        });
    w.gateUp().run(buffers);
    rows(
        rows,
        (row, own) -> {
          w.gateUp().get(buffers, row, own.wide, own.ints);
          RowKernels.siluMultiply(own.wide, config.ffnSize(), own.narrow);
          w.down().put(buffers, row, own.narrow, 0, own);
        });
    w.down().run(buffers);
    rows(rows, (row, own) -> addToResidual(w.down(), row, own));
  }

  private void addToResidual(Linear linear, int row, RowScratch own) {
    int hidden = config.hiddenSize();
    linear.get(buffers, row, own.wide, own.ints);
    RowKernels.add(own.wide, hidden, residual, row * hidden);
  }

  private void head(int rows) {
    logits.resize(rows);
    if (rows == 0) {
      return;
    }
    int hidden = config.hiddenSize();
    rows(
        rows,
        (row, own) -> {
          RowKernels.rmsNorm(
              residual,
              row * hidden,
              hidden,
              weights.norm(),
              config.rmsNormEpsilon(),
              own.narrow,
              0);
          weights.head().put(logits, row, own.narrow, 0, own);
        });
    weights.head().run(logits);
  }

  void copyLogits(int row, float[] into) {
    if (logitScratch.length == 0) {
      logitScratch = new int[config.vocabularyRows()];
    }
    weights.head().get(logits, row, into, logitScratch);
  }

  private interface RowTask {
    void run(int row, RowScratch own);
  }

  private void rows(int rows, RowTask task) {
    if (rows < 2 * ROWS) {
      for (int row = 0; row < rows; row++) {
        task.run(row, scratch[0]);
      }
      return;
    }
    workers.run(
        (rows + ROWS - 1) / ROWS,
        (item, worker) -> {
          int end = Math.min(rows, (item + 1) * ROWS);
          for (int row = item * ROWS; row < end; row++) {
            task.run(row, scratch[worker]);
          }
        });
  }

  @Override
  public void close() {
    buffers.close();
    logits.close();
  }
}
