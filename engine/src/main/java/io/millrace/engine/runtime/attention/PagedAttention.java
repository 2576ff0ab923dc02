package io.millrace.engine.runtime.attention;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.kernel.AttentionKernels;
import java.util.Arrays;

/**
 * Causal attention over block tables, with an online softmax in each segment of the context.
 *
 * <p>A token's result is the same bit for bit however its sequence was cut into steps and whatever
 * else is in the batch: KV is walked in tiles and segments at fixed absolute positions, every sum
 * has a fixed order, and what a row may not see has weight exactly zero. Slots beyond the last
 * stored token may hold anything, NaN included: their scores are overwritten and their values never
 * read.
 */
public final class PagedAttention {
  /** Tokens of a segment: 16 sequences of 1024 tokens need no joining. */
  private static final int SEGMENT = 1024;

  /** KV tokens between two updates of the running maximum; a multiple of every block size. */
  private static final int TILE = 128;

  /** Tokens whose keys or values pass all rows while they are in the nearest cache. */
  private static final int RUN = 64;

  /** Query rows of one work item at most, unless one token has more. */
  private static final int ROWS = 64;

  /** Multiply-adds below which waking other threads costs more than it saves. */
  private static final long PARALLEL_WORK = 1L << 20;

  private final ModelConfig config;
  private final KvStorage pool;
  private final int dim;
  private final int group;
  private final int tokensPerItem;
  private final int segmentTokens;
  private final AttentionPlan plan;
  private final Partials partials;
  private final AttentionScratch[] scratch;
  private StepBatch batch;

  public PagedAttention(ModelConfig config, KvStorage pool, int workers) {
    this(config, pool, workers, SEGMENT);
  }

  /**
   * @param segmentTokens a multiple of the tile
   */
  PagedAttention(ModelConfig config, KvStorage pool, int workers, int segmentTokens) {
    this.config = config;
    this.pool = pool;
    this.segmentTokens = segmentTokens;
    dim = pool.paddedDim();
    group = config.heads() / config.kvHeads();
    tokensPerItem = tokens(group);
    plan = new AttentionPlan(tokensPerItem, segmentTokens, workers);
    // Two or three rows are worked on as four.
    int rows = (tokensPerItem * group + 3) / 4 * 4;
    partials = new Partials(rows, dim);
    scratch = new AttentionScratch[workers];
    Arrays.setAll(scratch, i -> new AttentionScratch(pool, rows, TILE, RUN));
  }

  /** Chosen so that the rows fall into groups of four if they can. */
  private static int tokens(int group) {
    int most = Math.max(1, ROWS / group);
    return most < 4 ? most : most / 4 * 4;
  }

  /** Cuts a step into items. The same items serve all layers. */
  public void plan(StepBatch step) {
    batch = step;
    plan.plan(step);
    partials.prepare(plan.cutCount() * config.kvHeads(), plan.mostSegments());
  }

  /** Work items of the planned step. */
  public int items() {
    return plan.size() * config.kvHeads();
  }

  public boolean worthSharing() {
    return plan.work() * config.heads() * config.headDim() >= PARALLEL_WORK;
  }

  /**
   * Computes one item.
   *
   * @param queries [token][head][dim], scaled
   * @param out like queries
   */
  public void run(int item, int worker, int layer, float[] queries, float[] out) {
    int kvHead = item % config.kvHeads();
    int planned = item / config.kvHeads();
    int sequence = plan.sequence(planned);
    int first = plan.token(planned);
    int start = batch.start()[sequence];
    int tokens = Math.min(tokensPerItem, batch.start()[sequence + 1] - start - first);
    int past = batch.past()[sequence] + first;
    int rows = tokens * group;
    int segments = (past + tokens - 1) / segmentTokens + 1;
    int only = plan.segment(planned);
    AttentionScratch own = scratch[worker];
    load(own, queries, start + first, rows, kvHead);
    int from = only == AttentionPlan.ALL ? 0 : only;
    int to = only == AttentionPlan.ALL ? segments : only + 1;
    for (int segment = from; segment < to; segment++) {
      segment(own, layer, batch.blockTables()[sequence], kvHead, rows, past, tokens, segment);
      if (only == AttentionPlan.ALL && segments > 1) {
        if (segment == 0) {
          own.total.copyFrom(own.segment, rows);
        } else {
          own.total.add(own.segment, rows);
        }
      }
    }
    if (only != AttentionPlan.ALL) {
      int cut = plan.cut(planned) * config.kvHeads() + kvHead;
      if (!partials.deliver(cut, only, segments, own.segment, rows)) {
        return;
      }
      partials.join(cut, segments, own.total, rows);
    }
    finish(segments == 1 ? own.segment : own.total, out, start + first, rows, kvHead);
  }

  private void load(AttentionScratch own, float[] queries, int token, int rows, int kvHead) {
    int head = config.headDim();
    for (int row = 0; row < rows; row++) {
      int width = width(rows - row / 4 * 4);
      int into = row / 4 * 4 * head + row % 4;
      int from = query(token, row, kvHead);
      for (int d = 0; d < head; d++) {
        own.queries[into + d * width] = queries[from + d];
      }
    }
  }

  private int query(int token, int row, int kvHead) {
    int head = kvHead * group + row % group;
    return ((token + row / group) * config.heads() + head) * config.headDim();
  }

  /**
   * Rows for the next kernel: four, one or two of them empty, are faster than two or three alone.
   */
  private static int width(int left) {
    return left == 1 ? 1 : 4;
  }

  /** Attention over one segment of the context, into {@link AttentionScratch#segment}. */
  private void segment(
      AttentionScratch own,
      int layer,
      int[] blockTable,
      int kvHead,
      int rows,
      int past,
      int tokens,
      int segment) {
    own.segment.clear(rows);
    int end = Math.min(past + tokens, (segment + 1) * segmentTokens);
    int size = pool.blockSize();
    for (int from = segment * segmentTokens; from < end; from += TILE) {
      int until = Math.min(from + TILE, end);
      for (int p = from; p < until; ) {
        int blocks = own.kv.keys(layer, blockTable, kvHead, p, until);
        scores(own, rows, blocks, p - from);
        p += blocks * size;
      }
      int width = (until - from + size - 1) / size * size;
      for (int row = 0; row < rows; row++) {
        softmax(own, row, past + row / group + 1 - from, width);
      }
      for (int p = from; p < until; ) {
        int blocks = own.kv.values(layer, blockTable, kvHead, p, until);
        accumulate(own, rows, Math.min(blocks * size, until - p), p - from);
        p += blocks * size;
      }
    }
  }

  private void scores(AttentionScratch own, int rows, int blocks, int column) {
    int head = config.headDim();
    for (int row = 0; row < rows; row += 4) {
      AttentionKernels.scores(
          width(rows - row),
          own.queries,
          row * head,
          head,
          own.kv.array,
          own.kv.starts,
          blocks,
          pool.blockSize(),
          own.scores,
          row * TILE + column,
          TILE);
    }
  }

  /** The running softmax of one row over a tile of which it may see the first {@code visible}. */
  private void softmax(AttentionScratch own, int row, int visible, int width) {
    int from = row * TILE;
    if (visible <= 0) {
      Arrays.fill(own.scores, from, from + width, 0f);
      return;
    }
    if (visible < width) {
      Arrays.fill(own.scores, from + visible, from + width, Float.NEGATIVE_INFINITY);
    }
    Partial running = own.segment;
    float old = running.maxima[row];
    float max = AttentionKernels.max(own.scores, from, width, old);
    float sum = AttentionKernels.expSum(own.scores, from, width, max, own.lanes);
    if (max != old) {
      float shrink = AttentionKernels.exp(old - max);
      AttentionKernels.scale(running.outputs, row * dim, dim, shrink);
      running.sums[row] *= shrink;
      running.maxima[row] = max;
    }
    running.sums[row] += sum;
  }

  private void accumulate(AttentionScratch own, int rows, int tokens, int column) {
    for (int row = 0; row < rows; row += 4) {
      AttentionKernels.values(
          width(rows - row),
          own.scores,
          row * TILE + column,
          TILE,
          own.kv.array,
          own.kv.tokens,
          pool.blockSize(),
          tokens,
          own.segment.outputs,
          row * dim,
          dim);
    }
  }

  private void finish(Partial result, float[] out, int token, int rows, int kvHead) {
    for (int row = 0; row < rows; row++) {
      int into = query(token, row, kvHead);
      float scale = 1f / result.sums[row];
      for (int d = 0; d < config.headDim(); d++) {
        out[into + d] = result.outputs[row * dim + d] * scale;
      }
    }
  }
}
