package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Draws often and compares the frequencies with the distribution, with a chi-squared test. */
class SamplerFrequencyTest {
  private static final int DRAWS = 200_000;
  private static final int VOCABULARY = 24;

  static Stream<SamplingParameters> parameters() {
    return Stream.of(
        SamplingParameters.builder().seed(11).build(),
        SamplingParameters.builder().seed(12).temperature(0.7).build(),
        SamplingParameters.builder().seed(13).temperature(1.5).topK(10).build(),
        SamplingParameters.builder().seed(14).topP(0.9).build(),
        SamplingParameters.builder().seed(15).minP(0.05).build());
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void shouldDrawInProportion(SamplingParameters parameters) {
    TokenSampler sampler = new TokenSampler(VOCABULARY);
    SeenTokens seen = new SeenTokens(parameters, new int[0]);
    int[] counts = new int[VOCABULARY];
    for (int position = 0; position < DRAWS; position++) {
      counts[sampler.choose(row(), parameters, seen, position)]++;
    }
    double[] probabilities = new double[VOCABULARY];
    for (int i = 0; i < sampler.kept(); i++) {
      probabilities[sampler.keptId(i)] = sampler.probability(i);
    }
    double chiSquared = 0;
    int degrees = -1;
    for (int id = 0; id < VOCABULARY; id++) {
      double expected = probabilities[id] * DRAWS;
      if (expected == 0) {
        assertThat(counts[id]).isZero();
      } else {
        chiSquared += (counts[id] - expected) * (counts[id] - expected) / expected;
        degrees++;
      }
    }
    // Mean and variance of chi-squared are the degrees of freedom and twice them.
    assertThat(chiSquared).isLessThan(degrees + 4 * Math.sqrt(2 * degrees));
  }

  private static float[] row() {
    float[] row = new float[VOCABULARY];
    for (int id = 0; id < VOCABULARY; id++) {
      row[id] = (float) (3 * Math.sin(id * 1.7));
    }
    return row;
  }
}
