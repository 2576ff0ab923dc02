package io.millrace.tools.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GrowthTest {

  @Test
  void shouldFindNoneWhereOnlyTheFirstHalfGrew() {
    assertThat(growth(turn -> Math.min(turn, 50) * 1000)).isZero();
  }

  @Test
  void shouldMeasureTheSecondHalf() {
    // From 150 to 200 around a median of 175.
    assertThat(growth(turn -> 100 + turn)).isCloseTo(50 / 175.0, within(0.01));
  }

  @Test
  void shouldNotTakeAPeakForGrowth() {
    assertThat(growth(turn -> turn == 97 ? 1_000_000 : 1000)).isZero();
  }

  @Test
  void shouldSayThatSamplesAreTooFew() {
    List<SoakSample> samples = List.of(new SoakSample(1, 1, 1, 1, 0));
    assertThatThrownBy(() -> Growth.of(samples, SoakSample::heapBytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 samples are too few to judge growth: raise --turns");
  }

  private static double growth(LongUnaryOperator bytes) {
    List<SoakSample> samples =
        LongStream.rangeClosed(1, 100)
            .mapToObj(turn -> new SoakSample(turn, turn, bytes.applyAsLong(turn), 1, 0))
            .toList();
    return Growth.of(samples, SoakSample::residentBytes);
  }
}
