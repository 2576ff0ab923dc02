package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.PositionLogprobs;
import io.millrace.engine.TokenLogprob;
import io.millrace.engine.Usage;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.SamplingParametersBuilder;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.ScriptRuntime;
import io.millrace.engine.testing.TestEngines;
import io.millrace.engine.testing.TestTokenizer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of the tokens: text, stops, usage, log-probabilities. */
class EngineTextTest {
  private static final int[] PROMPT = {10, 11, 12};

  private final TestTokenizer tokenizer = new TestTokenizer();

  @Test
  void shouldStopAtTheModelsStopIdAndLeaveItOut() {
    Collector heard = run(with(answer("Hi.", TestTokenizer.END)), greedy());
    GenerationResult result = heard.result();
    assertThat(result.text()).isEqualTo("Hi.");
    assertThat(result.tokens()).containsExactly(tokenizer.encode("Hi."));
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(result.usage()).isEqualTo(new Usage(3, 0, 3, 0, 0));
    assertThat(heard.pieces()).containsExactly("H", "i", ".");
    assertThat(result.timings().queuedMillis()).isNotNegative();
    assertThat(result.timings().firstTokenMillis())
        .isBetween(result.timings().queuedMillis(), result.timings().totalMillis());
  }

  @Test
  void shouldGoOnPastTheModelsStopIdsOnRequest() {
    SamplingParameters sampling = greedy().ignoreEos(true).maxNewTokens(6).build();
    GenerationResult result = run(with(answer("a", TestTokenizer.END)), sampling).result();
    assertThat(result.text()).isEqualTo("aaa");
    assertThat(result.tokens()).hasSize(6);
    assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void shouldStopAtAnIdOfTheRequest() {
    SamplingParameters sampling =
        greedy().ignoreEos(true).stopIds(List.of(tokenizer.encode("c")[0])).build();
    GenerationResult result = run(with(answer("abcd")), sampling).result();
    assertThat(result.text()).isEqualTo("ab");
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void shouldCutBeforeAStopStringAndHoldBackItsBeginnings() {
    SamplingParameters sampling = greedy().stopStrings(List.of("STOP", "xyz")).build();
    Collector heard = run(with(answer("a STO b STOP c")), sampling);
    GenerationResult result = heard.result();
    assertThat(result.text()).isEqualTo("a STO b ");
    assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(heard.pieces()).containsExactly("a", " ", "STO ", "b", " ");
    assertThat(tokenizer.decode(result.tokens())).isEqualTo("a STO b STOP");
  }

  @Test
  void shouldGiveOutHeldTextWhereTheLengthEndsIt() {
    SamplingParameters sampling = greedy().stopStrings(List.of("STOP")).maxNewTokens(5).build();
    Collector heard = run(with(answer("a STOP")), sampling);
    assertThat(heard.result().text()).isEqualTo("a STO");
    assertThat(heard.result().finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(heard.pieces()).containsExactly("a", " ", "STO");
  }

  @Test
  void shouldNeverGiveOutHalfACharacter() {
    int[] answer = {65, TestTokenizer.FIRST_HALF, TestTokenizer.SECOND_HALF, 66};
    assertThat(run(with(answer), greedy().maxNewTokens(3)).pieces()).containsExactly("a", "世");
  }

  @Test
  void shouldLeaveOutACharacterThatTheLengthCutsOff() {
    int[] answer = {65, TestTokenizer.FIRST_HALF, TestTokenizer.SECOND_HALF, 66};
    Collector heard = run(with(answer), greedy().maxNewTokens(2));
    assertThat(heard.pieces()).containsExactly("a");
    assertThat(heard.result().text()).isEqualTo("a");
    assertThat(heard.result().tokens()).containsExactly(65, TestTokenizer.FIRST_HALF);
    assertThat(heard.result().finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void shouldShowBytesThatAreNoCharacterInTheMiddleOfAText() {
    int[] answer = {65, TestTokenizer.FIRST_HALF, 66, 67};
    Collector heard = run(with(answer), greedy().maxNewTokens(4));
    assertThat(heard.result().text()).isEqualTo("a\uFFFDbc");
  }

  @Test
  void shouldEndAtTheContextsLength() {
    SamplingParameters sampling = SamplingParameters.greedy(Integer.MAX_VALUE);
    GenerationResult result = run(with(answer("abc")), sampling).result();
    assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(result.tokens()).hasSize(64 * 4 - PROMPT.length);
  }

  @Test
  void shouldReportLogprobsOfChosenTopAndNamedTokens() {
    SamplingParameters sampling =
        greedy()
            .maxNewTokens(2)
            .logprobs(true)
            .topLogprobs(3)
            .logprobTokenIds(List.of(9, 65))
            .repetitionPenalty(1.5)
            .build();
    GenerationResult result = run(with(answer("ab")), sampling).result();
    assertThat(result.logprobs()).hasSize(2);
    PositionLogprobs first = result.logprobs().get(0);
    assertThat(first.chosen().id()).isEqualTo(65);
    assertThat(first.chosen().logprob()).isZero();
    assertThat(first.top()).extracting(TokenLogprob::id).containsExactly(65, 0, 1);
    assertThat(first.named()).extracting(TokenLogprob::id).containsExactly(9, 65);
    assertThat(first.named().get(0).logprob()).isEqualTo(-50f);
  }

  @Test
  void shouldReportNoLogprobsUnasked() {
    assertThat(run(with(answer("ab")), greedy().maxNewTokens(2)).result().logprobs()).isEmpty();
  }

  private Collector run(ScriptRuntime runtime, SamplingParametersBuilder sampling) {
    return run(runtime, sampling.build());
  }

  private Collector run(ScriptRuntime runtime, SamplingParameters sampling) {
    try (Engine engine = TestEngines.open(runtime)) {
      Collector heard = new Collector();
      engine.submit(TestEngines.request("r", PROMPT, sampling), heard);
      if (!heard.result().text().equals(String.join("", heard.pieces()))) {
        throw new AssertionError("pieces and text differ");
      }
      return heard;
    }
  }

  private static SamplingParametersBuilder greedy() {
    return SamplingParameters.builder().temperature(0);
  }

  private static ScriptRuntime with(int... answer) {
    return new ScriptRuntime(PROMPT.length, answer);
  }

  private int[] answer(String text, int... more) {
    return IntStream.concat(IntStream.of(tokenizer.encode(text)), IntStream.of(more)).toArray();
  }
}
