package io.millrace.engine.runtime.attention;

/** One worker's buffers: the query rows of a work item with their running softmax. */
final class AttentionScratch {
  /** Groups of rows as {@code AttentionKernels} wants them. */
  final float[] queries;

  final float[] scores;
  final float[] lanes = new float[16];

  /** The running softmax of the current segment. */
  final Partial segment;

  /** That of the segments before. */
  final Partial total;

  final KvRun kv;

  /**
   * @param run tokens whose keys or values are worked on at once
   */
  AttentionScratch(KvStorage pool, int rows, int tile, int run) {
    queries = new float[rows * pool.headDim()];
    scores = new float[rows * tile];
    segment = new Partial(rows, pool.paddedDim());
    total = new Partial(rows, pool.paddedDim());
    kv = new KvRun(pool, run);
  }
}
