package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** The three known answers that the authors' Random123 library publishes for philox4x32-10. */
  @Test
  void shouldGiveThePublishedNumbers() {
    assertThat(Philox.block(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(Philox.block(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(Philox.block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void shouldBeUniformOverPositionsAndSeeds() {
    int[] byPosition = new int[10];
    int[] bySeed = new int[10];
    for (int i = 0; i < 100_000; i++) {
      byPosition[(int) (10 * Philox.uniform(42, i))]++;
      bySeed[(int) (10 * Philox.uniform(i, 42))]++;
    }
    // 10,000 expected, standard deviation 95.
    assertThat(IntStream.of(byPosition)).allMatch(count -> Math.abs(count - 10_000) < 450);
    assertThat(IntStream.of(bySeed)).allMatch(count -> Math.abs(count - 10_000) < 450);
  }
}
