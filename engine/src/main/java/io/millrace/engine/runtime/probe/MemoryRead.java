package io.millrace.engine.runtime.probe;

/** Reads an array much larger than the caches with several threads, each its own part. */
final class MemoryRead {
  private static final long MOST_BYTES = 512L << 20;
  private static final int ROUNDS = 8;

  /** The sums go here, so that no compiler leaves the reads out. */
  private static volatile long sink;

  private MemoryRead() {}

  /** The best of several rounds: whatever else runs on the machine only makes one slower. */
  static double bytesPerSecond(int threads) {
    long[] array = new long[(int) (Math.min(MOST_BYTES, freeHeap() / 2) / Long.BYTES)];
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      best = Math.max(best, Together.sum(threads, thread -> part(array, thread, threads)));
    }
    return best;
  }

  private static long freeHeap() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }

  private static double part(long[] array, int thread, int threads) {
    int from = (int) ((long) array.length * thread / threads);
    int to = (int) ((long) array.length * (thread + 1) / threads);
    long start = System.nanoTime();
    sink = sum(array, from, to);
    return (double) (to - from) * Long.BYTES / (System.nanoTime() - start) * 1e9;
  }

  /** Four sums at a time, so that additions don't wait for each other. */
  static long sum(long[] array, int from, int to) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      a += array[i] + array[i + 4];
      b += array[i + 1] + array[i + 5];
      c += array[i + 2] + array[i + 6];
      d += array[i + 3] + array[i + 7];
    }
    for (; i < to; i++) {
      a += array[i];
    }
    return a + b + c + d;
  }
}
