package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.kernel.AttentionKernels;
import java.util.Arrays;

/**
 * Causal attention over block tables, with an online softmax.
 *
 * <p>A token's result is the same bit for bit however its sequence was cut into steps and whatever
 * else is in the batch: KV is walked in tiles at fixed absolute positions, every sum has a fixed
 * order, and what a row may not see has weight exactly zero. Slots beyond the last stored token may
 * hold anything, NaN included: their scores are overwritten and their values never read.
 */
public final class PagedAttention {
  /** KV tokens between two updates of the running maximum; a multiple of every block size. */
  private static final int TILE = 128;

  /** Query rows of one work item, about; more share a KV block while it is in the nearest cache. */
  private static final int ROWS = 32;

  /** Multiply-adds below which waking other threads costs more than it saves. */
  private static final long PARALLEL_WORK = 1L << 20;

  private final ModelConfig config;
  private final KvPool pool;
  private final int group;
  private final int tokensPerItem;
  private final AttentionScratch[] scratch;

  private StepBatch batch;
  private int[] itemSequence = new int[64];
  private int[] itemToken = new int[64];
  private int items;
  private long work;

  public PagedAttention(ModelConfig config, KvPool pool, int workers) {
    this.config = config;
    this.pool = pool;
    this.group = config.heads() / config.kvHeads();
    this.tokensPerItem = Math.max(1, ROWS / group);
    int rows = (tokensPerItem * group + 3) / 4 * 4;
    this.scratch = new AttentionScratch[workers];
    for (int i = 0; i < workers; i++) {
      scratch[i] = new AttentionScratch(rows, config.headDim(), TILE);
    }
  }

  /**
   * Cuts a step into items, the longest of each sequence first. The same items serve all layers.
   */
  public void plan(StepBatch step) {
    batch = step;
    items = 0;
    work = 0;
    for (int s = 0; s < step.sequences(); s++) {
      int tokens = step.start()[s + 1] - step.start()[s];
      work += (long) tokens * (step.past()[s] + tokens) * config.heads() * config.headDim();
      for (int t = (tokens - 1) / tokensPerItem * tokensPerItem; t >= 0; t -= tokensPerItem) {
        if (items == itemToken.length) {
          itemSequence = Arrays.copyOf(itemSequence, 2 * items);
          itemToken = Arrays.copyOf(itemToken, 2 * items);
        }
        itemSequence[items] = s;
        itemToken[items++] = t;
      }
    }
  }

  /** Work items of the planned step. */
  public int items() {
    return items * config.kvHeads();
  }

  public boolean worthSharing() {
    return work >= PARALLEL_WORK;
  }

  /**
   * Computes one item.
   *
   * @param queries [token][head][dim], scaled
   * @param out like queries
   */
  public void run(int item, int worker, int layer, float[] queries, float[] out) {
    int kvHead = item % config.kvHeads();
    int sequence = itemSequence[item / config.kvHeads()];
    int first = itemToken[item / config.kvHeads()];
    int start = batch.start()[sequence];
    int tokens = Math.min(tokensPerItem, batch.start()[sequence + 1] - start - first);
    int past = batch.past()[sequence] + first;
    AttentionScratch own = scratch[worker];
    load(own, queries, start + first, tokens, kvHead);
    int end = past + tokens;
    for (int from = 0; from < end; from += TILE) {
      tile(own, pool.layer(layer), batch.blockTables()[sequence], kvHead, tokens, past, from, end);
    }
    finish(own, out, start + first, tokens, kvHead);
  }

  private void load(AttentionScratch own, float[] queries, int token, int tokens, int kvHead) {
    int width = group * config.headDim();
    for (int t = 0; t < tokens; t++) {
      int from = (token + t) * config.heads() * config.headDim() + kvHead * width;
      System.arraycopy(queries, from, own.queries, t * width, width);
    }
    Arrays.fill(own.outputs, 0f);
    Arrays.fill(own.maxima, Float.NEGATIVE_INFINITY);
    Arrays.fill(own.sums, 0f);
  }

  private void tile(
      AttentionScratch own,
      float[] kv,
      int[] blockTable,
      int kvHead,
      int tokens,
      int past,
      int from,
      int end) {
    int size = pool.blockSize();
    int rows = tokens * group;
    int until = Math.min(from + TILE, end);
    for (int p = from; p < until; p += size) {
      scores(own, rows, kv, pool.keys(blockTable[p / size], kvHead), p - from);
    }
    int width = (until - from + size - 1) / size * size;
    for (int row = 0; row < rows; row++) {
      softmax(own, row, past + row / group + 1 - from, width);
    }
    for (int p = from; p < until; p += size) {
      int values = pool.values(blockTable[p / size], kvHead);
      accumulate(own, rows, kv, values, p - from, Math.min(size, end - p));
    }
  }

  private void scores(AttentionScratch own, int rows, float[] kv, int keys, int column) {
    int dim = config.headDim();
    for (int row = 0; row < rows; row += 4) {
      AttentionKernels.scores(
          rows - row == 1 ? 1 : 4,
          own.queries,
          row * dim,
          dim,
          kv,
          keys,
          pool.blockSize(),
          own.scores,
          row * TILE + column,
          TILE);
    }
  }

  /** The running softmax of one row over a tile of which it may see the first {@code visible}. */
  private void softmax(AttentionScratch own, int row, int visible, int width) {
    int from = row * TILE;
    if (visible < width) {
      Arrays.fill(own.scores, from + Math.max(0, visible), from + width, Float.NEGATIVE_INFINITY);
    }
    float old = own.maxima[row];
    float max = AttentionKernels.max(own.scores, from, width, old);
    float sum = AttentionKernels.expSum(own.scores, from, width, max, own.lanes);
    if (max != old) {
      float shrink = AttentionKernels.exp(old - max);
      AttentionKernels.scale(own.outputs, row * config.headDim(), config.headDim(), shrink);
      own.sums[row] *= shrink;
      own.maxima[row] = max;
    }
    own.sums[row] += sum;
  }

  private void accumulate(
      AttentionScratch own, int rows, float[] kv, int values, int column, int tokens) {
    int dim = config.headDim();
    for (int row = 0; row < rows; row += 4) {
      AttentionKernels.accumulate(
          rows - row == 1 ? 1 : 4,
          own.scores,
          row * TILE + column,
          TILE,
          kv,
          values,
          tokens,
          own.outputs,
          row * dim,
          dim);
    }
  }

  private void finish(AttentionScratch own, float[] out, int token, int tokens, int kvHead) {
    int dim = config.headDim();
    for (int row = 0; row < tokens * group; row++) {
      int head = kvHead * group + row % group;
      int into = ((token + row / group) * config.heads() + head) * dim;
      float scale = 1f / own.sums[row];
      for (int d = 0; d < dim; d++) {
        out[into + d] = own.outputs[row * dim + d] * scale;
      }
    }
  }
}
