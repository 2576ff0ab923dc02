package io.millrace.engine.runtime;

/**
 * Runs forward passes of one model over a paged KV pool. One thread at a time uses it. CPU and CUDA
 * implement the same step over the same block tables.
 */
public interface ModelRuntime extends AutoCloseable {

  /** One item of work that threads share. */
  @FunctionalInterface
  interface Work {
    /**
     * @param worker number of the thread, below {@link #workers()}
     */
    void run(int item, int worker);
  }

  /** Tokens in one KV block. */
  int blockSize();

  /** Blocks in the KV pool, numbered from 0. */
  int blockCount();

  /** Columns of a row of logits, padding ids included. */
  int logitColumns();

  /**
   * Runs one forward pass: stores K and V of every token in its sequence's blocks and computes the
   * logits of the requested rows. The batch's arrays are only read.
   *
   * @throws RuntimeFailureException if the native runtime fails; the pool's contents for the tokens
   *     of this step are then undefined
   */
  void step(StepBatch batch);

  /**
   * Copies logits of the latest step. Within {@link #share} several threads may.
   *
   * @param row index into the latest batch's {@link StepBatch#logitRows()}
   * @param into at least {@link #logitColumns()} long
   */
  void copyLogits(int row, float[] into);

  /** Threads that {@link #share} has, the caller included. */
  default int workers() {
    return 1;
  }

  /** Runs items on the runtime's threads, between steps, and returns when all have ended. */
  default void share(int items, Work work) {
    for (int item = 0; item < items; item++) {
      work.run(item, 0);
    }
  }

  /** Where the latest step's time went; whoever runs steps begins them. */
  StepTimings timings();

  /**
   * Writes random keys and values into every block. Measurements of long contexts then need no
   * prefill: how long a step takes doesn't depend on what the blocks hold.
   */
  void fillKvCache(long seed);

  @Override
  void close();
}
