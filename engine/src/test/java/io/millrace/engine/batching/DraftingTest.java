package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SamplingParametersBuilder;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.ManualClock;
import io.millrace.engine.testing.ScriptRuntime;
import io.millrace.engine.testing.TestEngines;
import io.millrace.engine.testing.TestTokenizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that goes round in circles: in far fewer steps the same answer, wherever it ends. */
@Timeout(60)
class DraftingTest {
  private static final int[] PROMPT = {60, 61, 62};

  /** Whether the engine's own warm-up is over. */
  private volatile boolean warm;

  /** "abcdefg" again and again. */
  private static final int[] ROUND = new TestTokenizer().encode("abcdefg");

  @Test
  void shouldTakeFarFewerSteps() {
    GenerationResult drafted = same(greedy(200), 60);
    assertThat(drafted.usage().acceptedTokens()).isGreaterThan(150);
    assertThat(drafted.usage().completionTokens()).isEqualTo(200);
  }

  @Test
  void shouldEndAtTheLimitInTheMiddleOfADraft() {
    for (int limit = 30; limit < 50; limit++) {
      assertThat(same(greedy(limit), limit).tokens()).hasSize(limit);
    }
  }

  @Test
  void shouldEndAtAStopStringInTheMiddleOfADraft() {
    GenerationResult result = same(greedy(200).stopStrings(List.of("gabcdefgabcdefgabc")), 200);
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(result.text()).isEqualTo("abcdef");
  }

  @Test
  void shouldEndAtAStopIdInTheMiddleOfADraft() {
    // The answer's first round holds no "h": the script goes on to it later.
    int[] script = new TestTokenizer().encode("abcabcabcabcabcabch");
    GenerationResult result =
        same(greedy(200).stopIds(List.of(script[script.length - 1])), 200, script);
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(result.tokens()).hasSize(18);
    assertThat(result.usage().acceptedTokens()).isPositive();
  }

  @Test
  void shouldReportTheSameLogprobs() {
    assertThat(same(greedy(40).topLogprobs(3), 40).logprobs()).hasSize(40);
  }

  @Test
  void shouldExpireBetweenSteps() {
    ManualClock clock = new ManualClock();
    Collector heard = new Collector();
    int[] expected = run(greedy(200), 0, ROUND).result().tokens();
    ScriptRuntime runtime =
        new ScriptRuntime(PROMPT.length, ROUND) {
          @Override
          public void step(StepBatch batch) {
            super.step(batch);
            clock.set(warm && batch.past()[0] > 40 ? 1000 : 0);
          }
        };
    try (Engine engine = TestEngines.open(runtime, TestEngines.WIDE, clock)) {
      warm = true;
      engine.submit(
          new GenerationRequest("r", PROMPT, greedy(200).draftTokens(8).build(), 0, 500), heard);
      GenerationResult result = heard.result();
      assertThat(result.finishReason()).isEqualTo(FinishReason.DEADLINE);
      assertThat(result.usage().acceptedTokens()).isPositive();
      assertThat(expected).startsWith(result.tokens());
      assertThat(engine.stats().usedBlocks()).isZero();
    }
  }

  @Test
  void shouldAnswerWithoutDraftsWhatTheRuntimeCannotComputeWithThem() {
    Collector heard = new Collector();
    ScriptRuntime runtime =
        new ScriptRuntime(PROMPT.length, ROUND) {
          @Override
          public void step(StepBatch batch) {
            if (batch.past()[0] > PROMPT.length && batch.tokenCount() > 1 && warm) {
              throw new RuntimeFailureException("too many rows", null);
            }
            super.step(batch);
          }
        };
    try (Engine engine = TestEngines.open(runtime)) {
      warm = true;
      engine.submit(TestEngines.request("r", PROMPT, greedy(50).draftTokens(8).build()), heard);
      assertThat(heard.result().tokens()).hasSize(50);
      assertThat(heard.result().usage().acceptedTokens()).isZero();
    }
  }

  private static SamplingParametersBuilder greedy(int tokens) {
    return SamplingParameters.builder().temperature(0).maxNewTokens(tokens).ignoreEos(true);
  }

  private static GenerationResult same(SamplingParametersBuilder sampling, int maxSteps) {
    return same(sampling, maxSteps, ROUND);
  }

  /** The result with drafts, after a comparison with the one without. */
  private static GenerationResult same(
      SamplingParametersBuilder sampling, int maxSteps, int[] script) {
    GenerationResult plain = run(sampling, 0, script).result();
    Run run = run(sampling, 8, script);
    GenerationResult drafted = run.result();
    assertThat(drafted.tokens()).isEqualTo(plain.tokens());
    assertThat(drafted.text()).isEqualTo(plain.text());
    assertThat(drafted.finishReason()).isEqualTo(plain.finishReason());
    assertThat(drafted.logprobs()).isEqualTo(plain.logprobs());
    assertThat(plain.usage().draftedTokens()).isZero();
    assertThat(run.steps()).isLessThan(maxSteps);
    return drafted;
  }

  private record Run(GenerationResult result, long steps) {}

  private static Run run(SamplingParametersBuilder sampling, int draftTokens, int[] script) {
    Collector heard = new Collector();
    try (Engine engine = TestEngines.open(new ScriptRuntime(PROMPT.length, script))) {
      engine.submit(
          TestEngines.request("r", PROMPT, sampling.draftTokens(draftTokens).build()), heard);
      GenerationResult result = heard.result();
      return new Run(result, engine.stats().steps());
    }
  }
}
