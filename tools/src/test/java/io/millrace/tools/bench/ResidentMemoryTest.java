package io.millrace.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  /** Linux counts pages per processor and adds them up later. */
  private static final long LAG = 4 << 20;

  @Test
  void shouldReadKibibytes() throws IOException {
    List<String> status = List.of("Name:\tjava", "VmHWM:\t  123456 kB", "VmRSS:\t   1000 kB");
    assertThat(ResidentMemory.bytes(status, "VmHWM:")).isEqualTo(123456L * 1024);
    assertThat(ResidentMemory.bytes(status, "VmRSS:")).isEqualTo(1000L * 1024);
    assertThatThrownBy(() -> ResidentMemory.bytes(status, "VmSwap:"))
        .hasMessageContaining("VmSwap");
  }

  @Test
  void shouldSeeMemoryThatWasTouched() throws IOException {
    ResidentMemory.resetPeak();
    long before = ResidentMemory.now();
    ByteBuffer memory = ByteBuffer.allocateDirect(64 << 20);
    for (int i = 0; i < memory.capacity(); i += 1024) {
      memory.put(i, (byte) 1);
    }
    long peak = ResidentMemory.peak();
    assertThat(peak).isGreaterThan(memory.capacity() + memory.get(0));
    assertThat(peak).isGreaterThanOrEqualTo(before - LAG);
  }
}
