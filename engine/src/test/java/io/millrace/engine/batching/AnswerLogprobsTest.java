package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.PositionLogprobs;
import io.millrace.engine.TokenLogprob;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SamplingParametersBuilder;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.HashRuntime;
import io.millrace.engine.testing.TestEngines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerLogprobsTest {
  private final Random random = new Random(3);

  @ParameterizedTest
  @CsvSource({"0, 0", "5, 0", "0, 3", "64, 64"})
  void shouldGiveBackWhatItTook(int top, int named) {
    List<Integer> namedIds = random.ints(named, 0, 1000).boxed().toList();
    AnswerLogprobs logprobs =
        new AnswerLogprobs(SamplingParameters.builder().logprobTokenIds(namedIds).build());
    assertThat(logprobs.asList()).isEmpty();
    List<PositionLogprobs> expected = new ArrayList<>();
    for (int position = 0; position < 100; position++) {
      int chosen = random.nextInt(1000);
      RowLogprobs row =
          new RowLogprobs(
              random.nextFloat(), random.ints(top, 0, 1000).toArray(), floats(top), floats(named));
      logprobs.add(chosen, row);
      expected.add(
          new PositionLogprobs(
              new TokenLogprob(chosen, row.chosen()),
              IntStream.range(0, top)
                  .mapToObj(i -> new TokenLogprob(row.topIds()[i], row.top()[i]))
                  .toList(),
              IntStream.range(0, named)
                  .mapToObj(i -> new TokenLogprob(namedIds.get(i), row.named()[i]))
                  .toList()));
    }
    assertThat(logprobs.asList()).isEqualTo(expected);
    assertThatThrownBy(() -> logprobs.asList().get(100)).hasMessageContaining("position 100");
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  @Test
  void shouldBeRefusedWhereAnAnswerCouldNotHoldThem() {
    try (Engine engine = TestEngines.open(new HashRuntime(1024, 4))) {
      SamplingParametersBuilder sampling =
          SamplingParameters.builder()
              .topLogprobs(64)
              .logprobTokenIds(Collections.nCopies(64, 7))
              .ignoreEos(true);
      int most = AnswerLogprobs.MOST / (1 + 64 + 64);
      assertThatThrownBy(() -> submit(engine, sampling.maxNewTokens(most + 1).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("request r")
          .hasMessageContaining("max_new_tokens")
          .hasMessageContaining("top_logprobs 64")
          .hasMessageContaining("64 logprob_token_ids")
          .hasMessageContaining(AnswerLogprobs.MOST + " are the most");
      assertThat(submit(engine, sampling.maxNewTokens(most).build()).result().logprobs())
          .hasSize(most);
      // The context ends an answer that may be endless.
      assertThat(
              submit(engine, greedy().maxNewTokens(Integer.MAX_VALUE).build()).result().logprobs())
          .hasSize(4095);
    }
  }

  private static SamplingParametersBuilder greedy() {
    return SamplingParameters.builder().temperature(0).topLogprobs(60).ignoreEos(true);
  }

  private static Collector submit(Engine engine, SamplingParameters sampling) {
    Collector heard = new Collector();
    engine.submit(TestEngines.request("r", new int[] {1}, sampling), heard);
    return heard;
  }
}
