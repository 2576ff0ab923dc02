package io.millrace.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.runtime.StepTimings.Part;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StepTimingsTest {
  private final StepTimings timings = new StepTimings();

  @Test
  void shouldCountTimeForThePartEnteredLast() {
    timings.begin();
    timings.enter(Part.LINEAR);
    long atLeast = busyNanos();
    timings.enter(Part.OTHER);
    timings.enter(Part.LINEAR);
    atLeast += busyNanos();
    timings.enter(Part.SCHEDULING);
    assertThat(timings.nanos(Part.LINEAR)).isGreaterThanOrEqualTo(atLeast);
    assertThat(timings.nanos(Part.ATTENTION)).isZero();
  }

  @Test
  void shouldAddUpToTheWhole() {
    long before = System.nanoTime();
    timings.begin();
    long inside = System.nanoTime();
    for (Part part : Part.values()) {
      timings.enter(part);
      busyNanos();
    }
    long end = System.nanoTime();
    timings.enter(Part.SCHEDULING);
    long after = System.nanoTime();
    assertThat(timings.total()).isBetween(end - inside, after - before);
    assertThat(timings.total())
        .isEqualTo(Arrays.stream(Part.values()).mapToLong(timings::nanos).sum());
  }

  @Test
  void shouldForgetTheStepBefore() {
    timings.enter(Part.ATTENTION);
    busyNanos();
    timings.enter(Part.SCHEDULING);
    timings.begin();
    assertThat(timings.total()).isZero();
  }

  private static long busyNanos() {
    long start = System.nanoTime();
    long now = start;
    while (now - start < 50_000) {
      now = System.nanoTime();
    }
    return now - start;
  }
}
