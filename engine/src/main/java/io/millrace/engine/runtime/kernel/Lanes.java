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
    float s0 = (lanes[0] + lanes[8]) + (lanes[4] + lanes[12]);
    float s1 = (lanes[1] + lanes[9]) + (lanes[5] + lanes[13]);
    float s2 = (lanes[2] + lanes[10]) + (lanes[6] + lanes[14]);
    float s3 = (lanes[3] + lanes[11]) + (lanes[7] + lanes[15]);
    return (s0 + s2) + (s1 + s3);
  }
}
