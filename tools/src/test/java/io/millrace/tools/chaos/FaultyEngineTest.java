package io.millrace.tools.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.operators.testing.TestEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyEngineTest {
  @TempDir private Path demands;

  private final TestEngine engine = new TestEngine();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private FaultyEngine faulty;

  @BeforeEach
  void open() {
    faulty = new FaultyEngine(engine, demands);
  }

  @AfterEach
  void close() {
    faulty.close();
  }

  private void submit(String id) {
    faulty.submit(
        new GenerationRequest(id, new int[] {1}, SamplingParameters.greedy(5), 0, 0),
        new GenerationListener() {
          @Override
          public void onText(int index, String text) {
            heard.add(id + " " + text);
          }

          @Override
          public void onFinished(GenerationResult result) {
            heard.add(id + " " + result.finishReason());
          }

          @Override
          public void onError(Throwable error) {
            heard.add(id + " " + error.getClass().getSimpleName());
          }
        });
  }

  private void demand(String what) throws Exception {
    Files.createFile(demands.resolve(what));
    await().atMost(Duration.ofSeconds(60)).until(() -> !Files.exists(demands.resolve(what)));
  }

  @Test
  void shouldHandOnWhatTheEngineSays() {
    submit("a");
    engine.text("a", 0, "text");
    engine.answer("a");
    assertThat(heard).containsExactly("a text", "a " + FinishReason.STOP);
  }

  @Test
  void shouldFailWhatRunsOnceAndGoOn() throws Exception {
    submit("a");
    engine.text("a", 0, "text");
    demand(FaultyEngine.ERROR);
    await().atMost(Duration.ofSeconds(60)).until(() -> engine.running().isEmpty());
    assertThat(heard).containsExactly("a text", "a IllegalStateException");

    submit("a");
    engine.answer("a");
    assertThat(heard).last().isEqualTo("a " + FinishReason.STOP);
  }

  @Test
  void shouldWaitForAnAnswerThatHasBegun() throws Exception {
    Files.createFile(demands.resolve(FaultyEngine.ERROR));
    submit("a");
    engine.answer("a");
    submit("b");
    engine.text("b", 0, "text");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(heard).last().isEqualTo("b IllegalStateException"));
    assertThat(heard).containsExactly("a STOP", "b text", "b IllegalStateException");
  }

  @Test
  void shouldFailEverythingAfterACrash() throws Exception {
    submit("a");
    engine.text("a", 0, "text");
    submit("b");
    demand(FaultyEngine.CRASH);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(heard)
                    .containsExactlyInAnyOrder(
                        "a text", "a EngineStoppedException", "b EngineStoppedException"));
    assertThat(faulty.isStopped()).isTrue();
    assertThatThrownBy(() -> submit("c")).isInstanceOf(EngineStoppedException.class);
  }

  @Test
  void shouldHoldAnAnswerAsLongAsItIsDemanded() throws Exception {
    Files.createFile(demands.resolve(FaultyEngine.HOLD));
    submit("a");
    Thread own =
        new Thread(
            () -> {
              engine.text("a", 0, "text");
              engine.answer("a");
            });
    own.start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> own.getState() == Thread.State.TIMED_WAITING);
    assertThat(heard).containsExactly("a text");
    Files.delete(demands.resolve(FaultyEngine.HOLD));
    own.join();
    assertThat(heard).containsExactly("a text", "a " + FinishReason.STOP);
  }
}
