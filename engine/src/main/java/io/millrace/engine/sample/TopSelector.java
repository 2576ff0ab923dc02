package io.millrace.engine.sample;

import java.util.Arrays;

/**
 * Finds the best ids of a row without sorting the row: a histogram over the range of its values
 * tells where to cut, and only what lies above the cut is sorted. Its buffers serve every row.
 */
final class TopSelector {
  private static final int BINS = 1024;

  private final int[] counts = new int[BINS];
  private final double[] masses = new double[BINS];
  private long[] keys = new long[256];
  private int size;
  private double total;

  /** Selects the k best; equal values go to the lower id. */
  void selectCount(float[] row, int vocabulary, RowRange range, int k) {
    float scale = scale(range);
    Arrays.fill(counts, 0);
    for (int id = 0; id < vocabulary; id++) {
      counts[bin(row[id], range, scale)]++;
    }
    int bin = 0;
    for (int seen = counts[0]; seen < k && bin < BINS - 1; ) {
      seen += counts[++bin];
    }
    collect(row, vocabulary, range, scale, bin);
    size = Math.min(size, k);
  }

  /**
   * Selects at least the best ids that together have this share of the probability, and leaves the
   * sum of all weights in {@link #total()}. An id's weight is exp((value - max) / temperature).
   */
  void selectMass(
      float[] row, int vocabulary, RowRange range, double inverseTemperature, double share) {
    float scale = scale(range);
    Arrays.fill(masses, 0);
    for (int id = 0; id < vocabulary; id++) {
      masses[bin(row[id], range, scale)] +=
          NegativeExp.of(((double) range.max() - row[id]) * inverseTemperature);
    }
    total = 0;
    for (double mass : masses) {
      total += mass;
    }
    int bin = 0;
    for (double seen = masses[0]; seen < share * total && bin < BINS - 1; ) {
      seen += masses[++bin];
    }
    // One bin more, since the sum over bins rounds differently from the sum over sorted ids.
    collect(row, vocabulary, range, scale, Math.min(bin + 1, BINS - 1));
  }

  /** How many ids are selected. */
  int size() {
    return size;
  }

  /** The selected id of this rank, 0 the best. */
  int id(int rank) {
    return (int) ~keys[rank];
  }

  /** Sum of the weights of the whole row, after {@link #selectMass}. */
  double total() {
    return total;
  }

  private static float scale(RowRange range) {
    float spread = range.max() - range.min();
    return spread > 0 && spread <= Float.MAX_VALUE ? (BINS - 1) / spread : 0;
  }

  private static int bin(float value, RowRange range, float scale) {
    return Math.min((int) ((range.max() - value) * scale), BINS - 1);
  }

  private void collect(float[] row, int vocabulary, RowRange range, float scale, int lastBin) {
    size = 0;
    for (int id = 0; id < vocabulary; id++) {
      if (bin(row[id], range, scale) <= lastBin) {
        if (size == keys.length) {
          keys = Arrays.copyOf(keys, 2 * size);
        }
        keys[size++] = key(row[id], id);
      }
    }
    Arrays.sort(keys, 0, size);
    for (int low = 0, high = size - 1; low < high; low++, high--) {
      long key = keys[low];
      keys[low] = keys[high];
      keys[high] = key;
    }
  }

  /** Orders like (value, -id): the float's bits made monotonic, then the complement of the id. */
  private static long key(float value, int id) {
    int bits = Float.floatToRawIntBits(value + 0.0f);
    int monotonic = bits ^ ((bits >> 31) & 0x7FFFFFFF);
    return (long) monotonic << 32 | (~id & 0xFFFFFFFFL);
  }
}
