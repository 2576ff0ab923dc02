package io.millrace.engine.runtime;

/**
 * What a runtime is opened with.
 *
 * @param threads threads of the maths; 0 takes the machine's cores
 * @param spin whether idle threads spin before they park
 * @param blockSize tokens of a KV block, 16 or 32
 * @param kvType number format of the KV pool
 * @param kvCacheBytes size of the KV pool, in bytes
 */
public record RuntimeOptions(
    int threads, boolean spin, int blockSize, KvType kvType, long kvCacheBytes) {
  public RuntimeOptions {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads is " + threads + ": use 0 for all cores, or more");
    }
    if (blockSize != 16 && blockSize != 32) {
      throw new IllegalArgumentException("blockSize is " + blockSize + ": use 16 or 32");
    }
    threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** All cores, parked when idle, blocks of 16 tokens in fp32. */
  public static RuntimeOptions withKvCache(long kvCacheBytes) {
    return new RuntimeOptions(0, false, 16, KvType.FP32, kvCacheBytes);
  }
}
