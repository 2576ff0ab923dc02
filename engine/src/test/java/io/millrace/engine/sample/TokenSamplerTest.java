package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
  private static final int[] NOTHING = {};

  @Test
  void shouldTakeTheLowestIdOfEqualLogitsWhereGreedy() {
    assertThat(choose(SamplingParameters.greedy(1), 0, 1, 3, 7, 7, 2)).isEqualTo(2);
  }

  @Test
  void shouldTakeTheBestWhereTheTemperatureHasNoInverse() {
    for (double topP : new double[] {1, 0.8}) {
      SamplingParameters parameters =
          SamplingParameters.builder().temperature(Double.MIN_VALUE).topP(topP).build();
      assertThat(choose(parameters, 0, 1, 2, 7, 3)).isEqualTo(2);
    }
  }

  @Test
  void shouldKeepTheLowerIdsOfEqualLogitsInTopK() {
    SamplingParameters parameters = SamplingParameters.builder().topK(2).build();
    TokenSampler sampler = new TokenSampler(5);
    sampler.filter(new float[] {1, 7, 0, 7, 7}, parameters, new SeenTokens(parameters, NOTHING));
    assertThat(IntStream.range(0, sampler.kept()).map(sampler::keptId)).containsExactly(1, 3);
  }

  @Test
  void shouldNeverChoosePadding() {
    SamplingParameters warm = SamplingParameters.builder().temperature(2).build();
    TokenSampler sampler = new TokenSampler(4);
    for (int position = 0; position < 200; position++) {
      float[] row = {1, 2, 1, 2, 50, Float.NaN};
      assertThat(sampler.choose(row, warm, new SeenTokens(warm, NOTHING), position)).isLessThan(4);
    }
    SamplingParameters greedy = SamplingParameters.greedy(1);
    float[] row = {1, 2, 1, 2, 50, Float.NaN};
    assertThat(sampler.choose(row, greedy, new SeenTokens(greedy, NOTHING), 0)).isEqualTo(1);
  }

  @Test
  void shouldRefuseRowsThatAreNotFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (double temperature : new double[] {0, 1}) {
        SamplingParameters parameters =
            SamplingParameters.builder().temperature(temperature).build();
        assertThatThrownBy(() -> choose(parameters, 0, 1, bad, 2))
            .isInstanceOf(BadLogitsException.class)
            .hasMessageContaining("token 1 is " + bad);
      }
    }
  }

  @Test
  void shouldSubtractPresenceOnceAndFrequencyPerOccurrenceFromGeneratedTokensOnly() {
    SamplingParameters parameters =
        SamplingParameters.builder().presencePenalty(1).frequencyPenalty(0.25).build();
    SeenTokens seen = new SeenTokens(parameters, new int[] {0, 0, 1});
    seen.add(1);
    seen.add(1);
    seen.add(2);
    float[] row = {4, 4, 4, 4};
    seen.penalise(row, 4);
    assertThat(row).containsExactly(4, 2.5f, 2.75f, 4);
  }

  @Test
  void shouldPenaliseRepetitionOfPromptAndAnswerOnce() {
    SamplingParameters parameters = SamplingParameters.builder().repetitionPenalty(2).build();
    SeenTokens seen = new SeenTokens(parameters, new int[] {0, 0, 1});
    seen.add(2);
    seen.add(2);
    float[] row = {4, -4, 3, 3};
    seen.penalise(row, 4);
    assertThat(row).containsExactly(2, -8, 1.5f, 3);
  }

  @Test
  void shouldCountManyDifferentTokens() {
    SamplingParameters parameters = SamplingParameters.builder().frequencyPenalty(1).build();
    SeenTokens seen = new SeenTokens(parameters, NOTHING);
    Random random = new Random(3);
    float[] expected = new float[5000];
    for (int i = 0; i < 20_000; i++) {
      int id = random.nextInt(expected.length);
      seen.add(id);
      expected[id]--;
    }
    float[] row = new float[expected.length];
    seen.penalise(row, row.length);
    assertThat(row).containsExactly(expected);
  }

  @Test
  void shouldRepeatItselfForTheSameSeedAndPosition() {
    float[] flat = new float[50_000];
    Set<Integer> chosen = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      SamplingParameters parameters = SamplingParameters.builder().seed(seed).build();
      int first = choose(parameters, 9, flat);
      assertThat(choose(parameters, 9, flat)).isEqualTo(first);
      chosen.add(first);
      chosen.add(choose(parameters, 10, flat));
    }
    assertThat(chosen).hasSizeGreaterThan(35);
  }

  /** The cut by histogram against a full sort, on rows of every shape. */
  @Test
  void shouldSelectWhatAFullSortSelects() {
    Random random = new Random(5);
    TopSelector selector = new TopSelector();
    for (int round = 0; round < 300; round++) {
      int vocabulary = 1 + random.nextInt(3000);
      float spread = (float) Math.pow(10, random.nextInt(12) - 6);
      boolean ties = random.nextBoolean();
      float[] row = new float[vocabulary];
      for (int id = 0; id < vocabulary; id++) {
        row[id] = ties ? random.nextInt(5) * spread : (float) random.nextGaussian() * spread;
      }
      Integer[] sorted = IntStream.range(0, vocabulary).boxed().toArray(Integer[]::new);
      Arrays.sort(sorted, (a, b) -> Float.compare(row[b], row[a]));
      int k = 1 + random.nextInt(vocabulary);
      selector.selectCount(row, vocabulary, RowRange.of(row, vocabulary), k);
      assertThat(selector.size()).isEqualTo(k);
      for (int rank = 0; rank < k; rank++) {
        assertThat(selector.id(rank)).isEqualTo(sorted[rank]);
      }
    }
  }

  private static int choose(SamplingParameters parameters, long position, float... row) {
    return new TokenSampler(row.length)
        .choose(row, parameters, new SeenTokens(parameters, NOTHING), position);
  }
}
