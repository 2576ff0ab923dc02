package io.millrace.engine.runtime.attention;

import io.millrace.engine.runtime.StepBatch;
import java.util.Arrays;

/**
 * A step's attention cut into items: some query tokens of one sequence over all of their context,
 * or, where too few items would keep all workers busy, over one segment of it.
 *
 * <p>Segments lie at fixed positions and each has its own softmax, whichever worker computes it. So
 * the plan depends on the batch and the workers, but not one bit of a result does.
 */
final class AttentionPlan {
  /** The segment of an item that covers all of them. */
  static final int ALL = -1;

  /** An item with more than this part of a worker's share is cut. */
  private static final int PARTS_PER_WORKER = 4;

  private final int tokensPerItem;
  private final int segmentTokens;
  private final int workers;

  private int[] sequences = new int[64];
  private int[] tokens = new int[64];
  private int[] segments = new int[64];
  private int[] cuts = new int[64];
  private int size;
  private int cutCount;
  private int mostSegments;
  private long work;

  AttentionPlan(int tokensPerItem, int segmentTokens, int workers) {
    this.tokensPerItem = tokensPerItem;
    this.segmentTokens = segmentTokens;
    this.workers = workers;
  }

  /** Plans a step, the longest items of each sequence first. */
  void plan(StepBatch step) {
    size = 0;
    cutCount = 0;
    mostSegments = 1;
    work = 0;
    for (int s = 0; s < step.sequences(); s++) {
      long added = step.start()[s + 1] - step.start()[s];
      work += added * (step.past()[s] + added);
    }
    for (int s = 0; s < step.sequences(); s++) {
      int added = step.start()[s + 1] - step.start()[s];
      for (int t = (added - 1) / tokensPerItem * tokensPerItem; t >= 0; t -= tokensPerItem) {
        int own = Math.min(tokensPerItem, added - t);
        add(s, t, own, step.past()[s] + t + own);
      }
    }
  }

  private void add(int sequence, int token, int count, int context) {
    int itemSegments = (context - 1) / segmentTokens + 1;
    boolean cut = (long) count * context * workers * PARTS_PER_WORKER > work;
    if (itemSegments == 1 || workers == 1 || !cut) {
      put(sequence, token, ALL, ALL);
      return;
    }
    mostSegments = Math.max(mostSegments, itemSegments);
    for (int segment = 0; segment < itemSegments; segment++) {
      put(sequence, token, segment, cutCount);
    }
    cutCount++;
  }

  private void put(int sequence, int token, int segment, int cut) {
    if (size == tokens.length) {
      sequences = Arrays.copyOf(sequences, 2 * size);
      tokens = Arrays.copyOf(tokens, 2 * size);
      segments = Arrays.copyOf(segments, 2 * size);
      cuts = Arrays.copyOf(cuts, 2 * size);
    }
    sequences[size] = sequence;
    tokens[size] = token;
    segments[size] = segment;
    cuts[size++] = cut;
  }

  int size() {
    return size;
  }

  int sequence(int item) {
    return sequences[item];
  }

  /** The item's first token, counted from the first that its sequence adds. */
  int token(int item) {
    return tokens[item];
  }

  int segment(int item) {
    return segments[item];
  }

  /** Number of the item's cut: the items of one cut are the segments of the same rows. */
  int cut(int item) {
    return cuts[item];
  }

  int cutCount() {
    return cutCount;
  }

  /** Segments of the longest cut. */
  int mostSegments() {
    return mostSegments;
  }

  /** About how many tokens all new tokens together read. */
  long work() {
    return work;
  }
}
