package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.testing.HashRuntime;
import io.millrace.engine.testing.TestEngines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GenerationFutureTest {
  private static final GenerationRequest REQUEST =
      TestEngines.request(
          "r",
          new int[] {1, 2, 3},
          SamplingParameters.builder().ignoreEos(true).maxNewTokens(20).build());

  private final HashRuntime runtime = new HashRuntime(128, 4);
  private final Engine engine = TestEngines.open(runtime);

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void shouldEndWithTheResult() throws Exception {
    GenerationResult result = GenerationFuture.submit(engine, REQUEST).get();
    assertThat(result.tokens()).hasSize(20);
    assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void shouldHandOnThePiecesOfTheAnswerInOrder() throws Exception {
    List<String> pieces = new ArrayList<>();
    GenerationFuture future = new GenerationFuture(pieces::add);
    engine.submit(REQUEST, future);
    GenerationResult result = future.get();
    assertThat(pieces).hasSizeGreaterThan(1);
    assertThat(String.join("", pieces)).isEqualTo(result.text());
  }

  @Test
  void shouldEndWithTheErrorItself() {
    IllegalStateException failure = new IllegalStateException("on purpose");
    AtomicBoolean warm = new AtomicBoolean();
    HashRuntime failing =
        new HashRuntime(128, 4) {
          @Override
          public void step(StepBatch batch) {
            if (warm.get()) {
              throw failure;
            }
            super.step(batch);
          }
        };
    try (Engine broken = TestEngines.open(failing)) {
      warm.set(true);
      GenerationFuture future = GenerationFuture.submit(broken, REQUEST);
      assertThatThrownBy(future::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isSameAs(failure);
    }
  }

  @Test
  void shouldRunWhatFollowsOnTheEnginesThread() throws Exception {
    GenerationFuture future = new GenerationFuture();
    CompletableFuture<GenerationResult> second =
        future.thenCompose(result -> GenerationFuture.submit(engine, REQUEST));
    CompletableFuture<Thread> thread = future.thenApply(result -> Thread.currentThread());
    engine.submit(REQUEST, future);
    assertThat(second.get().tokens()).isEqualTo(future.get().tokens());
    assertThat(thread.get()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void shouldThrowWhatTheEngineRefuses() {
    GenerationRequest empty = TestEngines.request("r", new int[0], SamplingParameters.greedy(1));
    assertThatThrownBy(() -> GenerationFuture.submit(engine, empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is empty");
  }
}
