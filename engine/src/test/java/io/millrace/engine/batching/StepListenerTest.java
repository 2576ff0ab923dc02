package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.HashRuntime;
import io.millrace.engine.testing.TestEngines;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StepListenerTest {

  private record Step(int decodes, int promptTokens, int generated, long nanos) {}

  @Test
  void shouldHearWhatEachStepDid() {
    List<Step> steps = new CopyOnWriteArrayList<>();
    HashRuntime runtime = new HashRuntime(64, 16);
    Limits limits = new Limits(4, 32, 8);
    try (ContinuousBatchingEngine engine = TestEngines.open(runtime, limits, Clock.systemUTC())) {
      engine.observe(
          (timings, decodes, promptTokens, generated) ->
              steps.add(new Step(decodes, promptTokens, generated, timings.total())));
      int[] prompt = new int[50];
      Arrays.setAll(prompt, i -> i % 7);
      Collector collector = new Collector();
      SamplingParameters sampling =
          SamplingParameters.builder().temperature(0).maxNewTokens(3).ignoreEos(true).build();
      engine.submit(TestEngines.request("a", prompt, sampling), collector);
      assertThat(collector.result().tokens()).hasSize(3);
      // The answer ends within the last step, which is reported when it is over.
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> steps.size() == 4);
    }
    assertThat(steps).extracting(Step::promptTokens).containsExactly(32, 18, 0, 0);
    assertThat(steps).extracting(Step::decodes).containsExactly(0, 0, 1, 1);
    assertThat(steps).extracting(Step::generated).containsExactly(0, 1, 1, 1);
    assertThat(steps).extracting(Step::nanos).allSatisfy(n -> assertThat(n).isPositive());
  }
}
