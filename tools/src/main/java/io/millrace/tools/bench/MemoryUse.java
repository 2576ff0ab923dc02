package io.millrace.tools.bench;

/**
 * Memory at its peak, in bytes.
 *
 * @param weights the prepared model's weights file
 * @param kvPool the whole pool, used or not
 */
record MemoryUse(long peak, long weights, long kvPool) {

  /** How often weights and KV pool would fit into the peak. */
  double ratio() {
    return (double) peak / (weights + kvPool);
  }
}
