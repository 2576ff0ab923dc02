package io.millrace.engine.runtime;

/**
 * What a runtime is opened with.
 *
 * @param threads threads of the maths; 0 takes the machine's cores
 * @param spin whether idle threads spin before they park
 * @param kvType number format of the KV pool
 * @param kvCacheBytes size of the KV pool, in bytes
 */
public record RuntimeOptions(int threads, boolean spin, KvType kvType, long kvCacheBytes) {
  public RuntimeOptions {
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads is " + threads + ": use 0 for all cores, or more");
    }
    threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** All cores, parked when idle, blocks in fp32. */
  public static RuntimeOptions withKvCache(long kvCacheBytes) {
    return new RuntimeOptions(0, false, KvType.FP32, kvCacheBytes);
  }
}
