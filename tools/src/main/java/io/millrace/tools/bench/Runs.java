package io.millrace.tools.bench;

import java.util.Comparator;
import java.util.List;

/** Several runs of one measurement, slowest first. */
record Runs(List<RunResult> slowestFirst) {

  Runs {
    if (slowestFirst.isEmpty()) {
      throw new IllegalArgumentException("a measurement needs at least one run");
    }
    slowestFirst =
        slowestFirst.stream()
            .sorted(Comparator.comparingDouble(RunResult::tokensPerSecond))
            .toList();
  }

  /** The run in the middle, whole, so that its parts add up; of an even number the slower one. */
  RunResult median() {
    return slowestFirst.get((slowestFirst.size() - 1) / 2);
  }

  double slowest() {
    return slowestFirst.get(0).tokensPerSecond();
  }

  double fastest() {
    return slowestFirst.get(slowestFirst.size() - 1).tokensPerSecond();
  }
}
