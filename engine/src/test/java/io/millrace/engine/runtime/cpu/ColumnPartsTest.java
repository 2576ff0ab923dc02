package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ColumnPartsTest {
  @Test
  void shouldCutColumnsEvenlyAtMultiplesOfSixteen() {
    assertThat(ColumnParts.starts(1152, 1, 2)).containsExactly(0, 576, 1152);
    assertThat(ColumnParts.starts(896, 1, 3)).containsExactly(0, 288, 592, 896);
    assertThat(ColumnParts.starts(151_936, 1, 1)).containsExactly(0, 151_936);
  }

  @Test
  void shouldGiveNarrowLayersFewerParts() {
    assertThat(ColumnParts.starts(72, 1, 2)).containsExactly(0, 72);
    assertThat(ColumnParts.starts(300, 1, 16)).containsExactly(0, 144, 300);
  }

  @Test
  void shouldGiveHugeLayersMorePartsThanThereAreThreads() {
    long head = 151_936L * 4096 * Float.BYTES;
    assertThat(ColumnParts.starts(151_936, head, 1)).hasSize(4);
    assertThat(ColumnParts.starts(151_936, head, 2)).hasSize(4);
    assertThat(ColumnParts.starts(151_936, head, 8)).hasSize(9);
  }
}
