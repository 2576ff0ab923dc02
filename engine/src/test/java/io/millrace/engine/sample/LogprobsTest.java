package io.millrace.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogprobsTest {

  @Test
  void shouldBeALogSoftmaxOverTheVocabulary() {
    Random random = new Random(2);
    float[] row = new float[1010];
    for (int id = 0; id < row.length; id++) {
      row[id] = (float) (random.nextGaussian() * 8 - 3);
    }
    row[1003] = Float.NaN;
    double max = 100;
    double sum = 0;
    for (int id = 0; id < 1000; id++) {
      sum += Math.exp(row[id] - max);
    }
    Logprobs logprobs = new Logprobs(1000);
    logprobs.load(row);
    for (int id = 0; id < 1000; id++) {
      assertThat((double) logprobs.of(id)).isCloseTo(row[id] - max - Math.log(sum), within(1e-5));
    }
  }

  @Test
  void shouldRankTheMostLikely() {
    Logprobs logprobs = new Logprobs(4);
    logprobs.load(new float[] {1, 3, 2, 3});
    assertThat(logprobs.top(3)).containsExactly(1, 3, 2);
    assertThat(logprobs.top(9)).containsExactly(1, 3, 2, 0);
  }

  @Test
  void shouldRefuseRowsThatAreNotFinite() {
    assertThatThrownBy(() -> new Logprobs(2).load(new float[] {0, Float.NaN}))
        .isInstanceOf(BadLogitsException.class);
  }
}
