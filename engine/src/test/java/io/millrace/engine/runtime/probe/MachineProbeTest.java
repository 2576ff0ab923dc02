package io.millrace.engine.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MachineProbeTest {

  @Test
  void shouldMeasureInBytesAndOperationsPerSecond() {
    MachineProbe probe = MachineProbe.measure(1);
    assertThat(probe.threads()).isEqualTo(1);
    // Any machine that runs this is between these, however busy; a wrong unit is not.
    assertThat(probe.readBytesPerSecond()).isBetween(1e8, 1e12);
    assertThat(probe.int8OpsPerSecond()).isBetween(1e8, 1e14);
    assertThat(probe.fp32OpsPerSecond()).isBetween(1e8, 1e14);
  }

  @Test
  void shouldReadEveryElementOfItsPart() {
    long[] array = LongStream.range(0, 1003).map(i -> i * i).toArray();
    assertThat(MemoryRead.sum(array, 5, 1003))
        .isEqualTo(LongStream.range(5, 1003).map(i -> i * i).sum());
  }
}
