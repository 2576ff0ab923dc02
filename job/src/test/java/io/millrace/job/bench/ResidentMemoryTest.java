package io.millrace.job.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

  @Test
  void shouldReadKibibytes() throws IOException {
    List<String> status = List.of("Name:\tjava", "VmHWM:\t  123456 kB", "VmRSS:\t   1000 kB");
    assertThat(ResidentMemory.bytes(status, "VmHWM:")).isEqualTo(123456L * 1024);
    assertThat(ResidentMemory.bytes(status, "VmRSS:")).isEqualTo(1000L * 1024);
    assertThatThrownBy(() -> ResidentMemory.bytes(status, "VmSwap:"))
        .hasMessageContaining("VmSwap");
  }

  @Test
  void shouldSeeAnArrayThatWasTouched() throws IOException {
    ResidentMemory.resetPeak();
    long before = ResidentMemory.now();
    byte[] array = new byte[64 << 20];
    for (int i = 0; i < array.length; i += 1024) {
      array[i] = 1;
    }
    assertThat(ResidentMemory.peak()).isGreaterThanOrEqualTo(before);
    assertThat(ResidentMemory.peak()).isGreaterThan(array.length + array[0]);
  }
}
