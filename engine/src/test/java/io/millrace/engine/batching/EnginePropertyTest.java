package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.schedule.draft.Drafting;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.HashRuntime;
import io.millrace.engine.testing.RepeatingRuntime;
import io.millrace.engine.testing.TestEngines;
import io.millrace.engine.testing.TestTokenizer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same requests alone in a large pool, and all at once in a tiny one with small chunks,
 * preemptions, prefix hits, drafts, cancellations and failing neighbours: the same tokens and text.
 */
@Timeout(120)
class EnginePropertyTest {
  private static final int BLOCK = 4;
  private static final int BLOCKS = 30;
  private static final int REQUESTS = 250;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void shouldAnswerTheSameWhateverHappensAround(long seed) {
    Random random = new Random(seed);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(randomRequest(i, random));
    }
    Map<String, GenerationResult> undisturbed = undisturbed(requests);
    Drafting drafting = new Drafting(6 + random.nextInt(20), 1 + random.nextInt(3), 1);
    Limits limits = new Limits(2 + random.nextInt(8), 12 + random.nextInt(30), 4, drafting);
    Map<String, Collector> heard = new HashMap<>();
    List<String> cancelled = new ArrayList<>();
    List<Generation> running = new ArrayList<>();
    try (Engine engine = TestEngines.open(runtime(), limits, Clock.systemUTC())) {
      for (GenerationRequest request : requests) {
        Collector collector = new Collector();
        heard.put(request.id(), collector);
        running.add(engine.submit(drafting(request, random.nextInt(10)), collector));
        if (random.nextInt(10) == 0) {
          int chosen = random.nextInt(Math.max(0, running.size() - 15), running.size());
          cancelled.add(requests.get(chosen).id());
          running.get(chosen).cancel();
        }
        if (random.nextInt(12) == 0) {
          submitFailing(engine, request, random.nextBoolean());
        }
        if (random.nextInt(8) == 0) {
          collector.awaitEnd();
        }
      }
      heard.values().forEach(Collector::awaitEnd);
      assertThat(engine.stats().preemptions()).isPositive();
      assertThat(engine.stats().cachedTokens()).isPositive();
      assertThat(engine.stats().acceptedTokens()).isPositive();
      assertThat(engine.stats().draftedTokens()).isGreaterThan(engine.stats().acceptedTokens());
      assertThat(engine.stats().usedBlocks()).isZero();
    }
    heard.forEach(
        (id, collector) -> {
          GenerationResult expected = undisturbed.get(id);
          GenerationResult actual = collector.result();
          if (actual.finishReason() == FinishReason.CANCELLED) {
            assertThat(cancelled).contains(id);
            assertThat(actual.tokens())
                .isEqualTo(Arrays.copyOf(expected.tokens(), actual.tokens().length));
          } else {
            assertThat(actual.tokens()).isEqualTo(expected.tokens());
            assertThat(actual.text()).isEqualTo(expected.text());
            assertThat(actual.finishReason()).isEqualTo(expected.finishReason());
            assertThat(actual.logprobs()).isEqualTo(expected.logprobs());
          }
        });
  }

  private static Map<String, GenerationResult> undisturbed(List<GenerationRequest> requests) {
    Map<String, GenerationResult> results = new HashMap<>();
    for (GenerationRequest request : requests) {
      // A fresh engine each: nothing is left of the request before.
      try (Engine engine = TestEngines.open(runtime())) {
        Collector collector = new Collector();
        engine.submit(request, collector);
        results.put(request.id(), collector.result());
        assertThat(engine.stats().steps()).isGreaterThan(0);
        assertThat(collector.result().usage().cachedTokens()).isZero();
      }
    }
    return results;
  }

  private static HashRuntime runtime() {
    return new RepeatingRuntime(BLOCKS, BLOCK);
  }

  private static GenerationRequest drafting(GenerationRequest request, int draftTokens) {
    return new GenerationRequest(
        request.id(),
        request.prompt(),
        request.sampling().toBuilder().draftTokens(draftTokens).build(),
        request.priority(),
        request.deadlineEpochMillis());
  }

  private static void submitFailing(Engine engine, GenerationRequest like, boolean poison) {
    int[] prompt = like.prompt().clone();
    prompt[prompt.length - 1] = poison ? HashRuntime.POISON_TOKEN : HashRuntime.FAILING_TOKEN;
    engine.submit(
        new GenerationRequest("failing", prompt, like.sampling(), like.priority(), 0),
        new Collector());
  }

  private static GenerationRequest randomRequest(int number, Random random) {
    int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 90 : 30);
    int shared = random.nextInt(length + 1);
    int[] prompt = new int[length];
    for (int i = 0; i < length; i++) {
      prompt[i] = i < shared ? i % 7 : random.nextInt(TestTokenizer.FIRST_HALF - 2);
    }
    SamplingParameters sampling =
        SamplingParameters.builder()
            .temperature(random.nextInt(3) * 0.5)
            .topK(random.nextInt(2) * 8)
            .topP(random.nextBoolean() ? 1 : 0.9)
            .repetitionPenalty(random.nextBoolean() ? 1 : 1.2)
            .frequencyPenalty(random.nextBoolean() ? 0 : 0.3)
            .seed(random.nextLong())
            .maxNewTokens(1 + random.nextInt(40))
            .stopStrings(random.nextBoolean() ? List.of() : List.of("a", "0", "xy"))
            .logprobs(random.nextInt(4) == 0)
            .build();
    return new GenerationRequest("r" + number, prompt, sampling, random.nextInt(3), 0);
  }
}
