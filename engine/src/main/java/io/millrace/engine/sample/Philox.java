package io.millrace.engine.sample;

/**
 * Philox4x32-10, a counter-based random generator: Salmon, Moraes, Dror, Shaw, "Parallel Random
 * Numbers: As Easy as 1, 2, 3", SC 2011. It has no state, so a replay that starts anywhere draws
 * the same numbers.
 */
final class Philox {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private Philox() {}

  /** A number in [0, 1) with 53 random bits, the same one for the same seed and position. */
  static double uniform(long seed, long position) {
    int[] block =
        block((int) position, (int) (position >>> 32), 0, 0, (int) seed, (int) (seed >>> 32));
    long bits = (block[0] & 0xFFFFFFFFL) << 32 | (block[1] & 0xFFFFFFFFL);
    return (bits >>> 11) * 0x1.0p-53;
  }

  /** The four output words of one counter (c0 to c3) under one key (k0, k1). */
  static int[] block(int c0, int c1, int c2, int c3, int k0, int k1) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
      long product1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return new int[] {c0, c1, c2, c3};
  }
}
