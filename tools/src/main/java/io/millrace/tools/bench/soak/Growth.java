package io.millrace.tools.bench.soak;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How much a series grew over its second half, as a share of its median there: the Theil-Sen slope
 * (the median of the slopes of all pairs, Sen 1968, doi:10.1080/01621459.1968.10480934) times the
 * half's length, so that single peaks do not count. The first half is warm-up.
 */
public final class Growth {
  private static final int FEWEST = 3;

  private Growth() {}

  /**
   * @throws IllegalArgumentException if the second half has fewer than three samples
   */
  public static double of(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
    List<SoakSample> half = samples.subList(samples.size() / 2, samples.size());
    if (half.size() < FEWEST) {
      throw new IllegalArgumentException(
          samples.size() + " samples are too few to judge growth: raise --turns");
    }
    double length = half.get(half.size() - 1).turns() - half.get(0).turns();
    double[] slopes = new double[half.size() * (half.size() - 1) / 2];
    int n = 0;
    for (int i = 0; i < half.size(); i++) {
      for (int j = i + 1; j < half.size(); j++) {
        double rise = value.applyAsDouble(half.get(j)) - value.applyAsDouble(half.get(i));
        slopes[n++] = rise / (half.get(j).turns() - half.get(i).turns());
      }
    }
    return median(slopes) * length / median(half.stream().mapToDouble(value).toArray());
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
