package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NegativeExpTest {

  @Test
  void shouldAgreeWithExp() {
    for (double x = 0; x < 40; x += 0.000_37) {
      assertThat(NegativeExp.of(x) / Math.exp(-x)).isCloseTo(1, within(1e-11));
    }
    assertThat(NegativeExp.of(0)).isEqualTo(1);
    assertThat(NegativeExp.of(40)).isZero();
    assertThat(NegativeExp.of(Double.POSITIVE_INFINITY)).isZero();
  }
}
