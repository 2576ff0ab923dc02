package io.millrace.engine.runtime.kernel;

/**
 * The fixed order of every sum: element i belongs to lane i modulo 16, whatever the width of the
 * machine's vectors, and the lanes are added pairwise. So all kernels give the same bits on all
 * machines.
 */
final class Lanes {
  static final int COUNT = 16;

  private Lanes() {}

  static float sum(float[] lanes) {
    return sumOfPairs(
        lanes[0] + lanes[8],
        lanes[1] + lanes[9],
        lanes[2] + lanes[10],
        lanes[3] + lanes[11],
        lanes[4] + lanes[12],
        lanes[5] + lanes[13],
        lanes[6] + lanes[14],
        lanes[7] + lanes[15]);
  }

  /** The rest of the sum, once each lane has been added to the one eight further on. */
  static float sumOfPairs(
      float p0, float p1, float p2, float p3, float p4, float p5, float p6, float p7) {
    return ((p0 + p4) + (p2 + p6)) + ((p1 + p5) + (p3 + p7));
  }
}
