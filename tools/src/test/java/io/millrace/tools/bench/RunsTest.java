package io.millrace.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.runtime.StepTimings.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunsTest {

  private static RunResult run(double stepMs) {
    return new RunResult(10, 4, new Split(stepMs, 0, 0, 0, 0));
  }

  @Test
  void shouldTakeTheRunInTheMiddle() {
    Runs runs = new Runs(List.of(run(10), run(40), run(20)));
    assertThat(runs.median().tokensPerSecond()).isEqualTo(200);
    assertThat(runs.slowest()).isEqualTo(100);
    assertThat(runs.fastest()).isEqualTo(400);
  }

  @Test
  void shouldTakeTheSlowerOfTwoMiddleRuns() {
    Runs runs = new Runs(List.of(run(10), run(40), run(20), run(80)));
    assertThat(runs.median().tokensPerSecond()).isEqualTo(100);
  }

  @Test
  void shouldRefuseNoRunsAtAll() {
    assertThatThrownBy(() -> new Runs(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldSplitAnAverageStepIntoItsParts() {
    long[] nanos = new long[Part.values().length];
    nanos[Part.LINEAR.ordinal()] = 30_000_000;
    nanos[Part.ATTENTION.ordinal()] = 20_000_000;
    nanos[Part.SAMPLING.ordinal()] = 6_000_000;
    nanos[Part.SCHEDULING.ordinal()] = 1_000_000;
    nanos[Part.OTHER.ordinal()] = 3_000_000;
    Split split = Split.of(nanos, 2);
    assertThat(split).isEqualTo(new Split(15, 10, 3, 0.5, 1.5));
    assertThat(split.totalMs()).isCloseTo(30, within(1e-9));
  }
}
