package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.attention.KvStorage;
import io.millrace.engine.runtime.attention.PagedAttention;
import io.millrace.engine.runtime.attention.QueryKeys;
import io.millrace.engine.runtime.attention.RopeTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a forward pass does between a layer's first two products, over shuffled block tables: rotary
 * embedding, storing keys and values, attention.
 */
final class PagedStep implements AutoCloseable {
  private static final int BLOCK_SIZE = 16;

  private final ModelConfig config;
  private final float[][] qkv;
  private final int newTokens;
  private final WorkerPool workers;
  private final QueryKeys queryKeys;
  private final RopeTable rope;
  private final PagedAttention attention;
  private final StepBatch batch;
  private final float[][] scratch;
  private final float[] queries;
  private final float[] attended;

  /**
   * @param past tokens of each sequence before the step
   * @param newTokens tokens that each sequence adds
   * @param qkv per sequence q, k and v of all its tokens, the past's included
   */
  PagedStep(
      ModelConfig config, int[] past, int newTokens, float[][] qkv, KvType kvType, int threads) {
    this.config = config;
    this.qkv = qkv;
    this.newTokens = newTokens;
    workers = new WorkerPool(threads, false);
    int[] blocks = IntStream.of(past).map(p -> (p + newTokens - 1) / BLOCK_SIZE + 1).toArray();
    int blockCount = IntStream.of(blocks).sum();
    KvStorage pool =
        new KvStorage(
            config,
            kvType,
            BLOCK_SIZE,
            blockCount * KvStorage.blockBytes(config, kvType, BLOCK_SIZE));
    queryKeys = new QueryKeys(config, pool);
    rope = queryKeys.rope(1, IntStream.of(past).max().getAsInt() + newTokens);
    attention = new PagedAttention(config, pool, threads);
    batch = batch(past, newTokens, shuffled(blocks, blockCount));
    attention.plan(batch);
    scratch = new float[threads][config.qkvSize()];
    queries = new float[batch.tokenCount() * config.heads() * config.headDim()];
    attended = new float[queries.length];
    for (int layer = 0; layer < config.layers(); layer++) {
      for (int s = 0; s < past.length; s++) {
        for (int position = 0; position < past[s]; position++) {
          prepare(layer, s, position, 0, 0);
        }
      }
    }
  }

  private static int[][] shuffled(int[] blocks, int blockCount) {
    List<Integer> all = new ArrayList<>(IntStream.range(0, blockCount).boxed().toList());
    Collections.shuffle(all, new Random(7));
    Iterator<Integer> next = all.iterator();
    return IntStream.of(blocks)
        .mapToObj(n -> IntStream.range(0, n).map(i -> next.next()).toArray())
        .toArray(int[][]::new);
  }

  private static StepBatch batch(int[] past, int newTokens, int[][] blockTables) {
    int sequences = past.length;
    int[] start = IntStream.rangeClosed(0, sequences).map(s -> s * newTokens).toArray();
    float[] alpha = new float[sequences];
    return new StepBatch(
        sequences, new int[start[sequences]], start, past, blockTables, alpha, new int[0]);
  }

  /** Runs the step in all layers; returns the last one's attention, [token][head][dim]. */
  float[] run() {
    for (int layer = 0; layer < config.layers(); layer++) {
      int l = layer;
      // The forward pass's own rules for when to share rows and items.
      share(batch.tokenCount() >= 8, batch.tokenCount(), (row, w) -> prepareNew(l, row, w));
      share(
          attention.worthSharing(),
          attention.items(),
          (item, worker) -> attention.run(item, worker, l, queries, attended));
    }
    return attended;
  }

  private void share(boolean worthIt, int items, WorkerPool.Task task) {
    if (worthIt) {
      workers.run(items, task);
    } else {
      for (int i = 0; i < items; i++) {
        task.run(i, 0);
      }
    }
  }

  private void prepareNew(int layer, int row, int worker) {
    int s = row / newTokens;
    prepare(layer, s, batch.past()[s] + row % newTokens, row, worker);
  }

  private void prepare(int layer, int s, int position, int row, int worker) {
    int size = config.qkvSize();
    System.arraycopy(qkv[s], position * size, scratch[worker], 0, size);
    queryKeys.prepare(
        layer,
        scratch[worker],
        null,
        null,
        rope,
        position,
        batch.blockTables()[s],
        queries,
        row * config.heads() * config.headDim());
  }

  @Override
  public void close() {
    workers.close();
  }
}
