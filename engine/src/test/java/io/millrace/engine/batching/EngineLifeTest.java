package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.Timings;
import io.millrace.engine.runtime.RuntimeFailureException;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.sample.BadLogitsException;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.GatedRuntime;
import io.millrace.engine.testing.HashRuntime;
import io.millrace.engine.testing.ManualClock;
import io.millrace.engine.testing.TestEngines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancellation, deadlines, failures, priorities, closing. */
@Timeout(60)
class EngineLifeTest {
  private static final SamplingParameters LONG =
      SamplingParameters.builder().ignoreEos(true).maxNewTokens(150).build();

  private final GatedRuntime runtime = new GatedRuntime(128, 4);
  private final ManualClock clock = new ManualClock();
  private final Engine engine = TestEngines.open(runtime, TestEngines.WIDE, clock);

  @AfterEach
  void close() {
    runtime.open();
    engine.close();
    assertThat(runtime.isClosed()).isTrue();
  }

  @Test
  void shouldCancelWithWhatWasGenerated() {
    runtime.shut();
    Collector heard = new Collector();
    Generation generation = submit(heard, 0, 0, 1, 2, 3);
    for (int step = 0; step < 5; step++) {
      runtime.awaitStep();
      runtime.permitStep();
    }
    runtime.awaitStep();
    generation.cancel();
    runtime.permitStep();
    assertThat(heard.result().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(heard.result().tokens()).hasSize(6);
    assertThat(engine.stats().usedBlocks()).isZero();
    generation.cancel();
  }

  @Test
  void shouldCountItsFirstStepAsComputingNotAsQueueing() {
    runtime.shut();
    Collector heard = new Collector();
    submit(heard, 0, 0, 1, 2, 3);
    runtime.awaitStep();
    long start = System.nanoTime();
    while (System.nanoTime() - start < 30_000_000) {
      Thread.onSpinWait();
    }
    runtime.open();
    Timings timings = heard.result().timings();
    assertThat(timings.firstTokenMillis() - timings.queuedMillis()).isGreaterThanOrEqualTo(30);
  }

  @Test
  void shouldCancelWhatStillWaits() {
    runtime.shut();
    submit(new Collector(), 0, 0, 1);
    runtime.awaitStep();
    Collector heard = new Collector();
    submit(heard, 0, 0, 2).cancel();
    runtime.permitStep();
    GenerationResult result = heard.result();
    assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(result.tokens()).isEmpty();
    assertThat(result.timings().firstTokenMillis()).isEqualTo(-1);
  }

  @Test
  void shouldEndAtTheDeadlineWithWhatWasGenerated() {
    runtime.shut();
    clock.set(1000);
    Collector heard = new Collector();
    submit(heard, 0, 2000, 1, 2, 3);
    runtime.awaitStep();
    clock.set(1999);
    runtime.permitStep();
    runtime.awaitStep();
    clock.set(2000);
    runtime.permitStep();
    assertThat(heard.result().finishReason()).isEqualTo(FinishReason.DEADLINE);
    assertThat(heard.result().tokens()).hasSize(2);
  }

  @Test
  void shouldNeverComputeWhatHasExpired() {
    clock.set(5000);
    long steps = engine.stats().steps();
    Collector heard = new Collector();
    submit(heard, 0, 4999, 1, 2, 3);
    assertThat(heard.result().finishReason()).isEqualTo(FinishReason.DEADLINE);
    assertThat(engine.stats().steps()).isEqualTo(steps);
  }

  @Test
  void shouldLoseOnlyTheSequenceThatTheRuntimeCannotCompute() {
    Collector alone = new Collector();
    submit(alone, 0, 0, 1, 2, 3);
    runtime.shut();
    List<Collector> good = new ArrayList<>();
    Collector bad = new Collector();
    for (int i = 0; i < 6; i++) {
      Collector heard = i == 3 ? bad : new Collector();
      submit(heard, 0, 0, 1, 2, i == 3 ? HashRuntime.FAILING_TOKEN : 3);
      if (i != 3) {
        good.add(heard);
      }
    }
    runtime.open();
    assertThat(bad.error()).isInstanceOf(RuntimeFailureException.class);
    for (Collector heard : good) {
      assertThat(heard.result().tokens()).isEqualTo(alone.result().tokens());
    }
  }

  @Test
  void shouldLoseOnlyTheSequenceThatThereIsNoMemoryFor() {
    HashRuntime exhausted =
        new HashRuntime(128, 4) {
          @Override
          public void step(StepBatch batch) {
            try {
              super.step(batch);
            } catch (RuntimeFailureException e) {
              throw new OutOfMemoryError("on purpose");
            }
          }
        };
    try (Engine small = TestEngines.open(exhausted, TestEngines.WIDE, clock)) {
      Collector good = new Collector();
      Collector bad = new Collector();
      int[] prompt = {1, HashRuntime.FAILING_TOKEN};
      small.submit(new GenerationRequest("good", new int[] {1, 2}, LONG, 0, 0), good);
      small.submit(new GenerationRequest("bad", prompt, LONG, 0, 0), bad);
      assertThat(bad.error()).hasMessageContaining("on purpose").hasMessageContaining("-Xmx");
      assertThat(good.result().finishReason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void shouldNameItsSuspectsWhenItDies() {
    GatedRuntime dying =
        new GatedRuntime(128, 4) {
          @Override
          public void step(StepBatch batch) {
            try {
              super.step(batch);
            } catch (RuntimeFailureException e) {
              throw new InternalError("on purpose");
            }
          }
        };
    Engine mortal = TestEngines.open(dying, new Limits(2, 64, 8), clock);
    dying.shut();
    Collector good = new Collector();
    Collector bad = new Collector();
    Collector waiting = new Collector();
    int[] prompt = {1, HashRuntime.FAILING_TOKEN};
    mortal.submit(new GenerationRequest("good", new int[] {1, 2}, LONG, 0, 0), good);
    dying.awaitStep();
    mortal.submit(new GenerationRequest("bad", prompt, LONG, 0, 0), bad);
    mortal.submit(new GenerationRequest("waiting", new int[] {1, 2}, LONG, 0, 0), waiting);
    assertThat(mortal.isStopped()).isFalse();
    dying.open();
    for (Collector heard : List.of(good, bad, waiting)) {
      assertThat(heard.error()).hasMessageContaining("on purpose");
      assertThat(((EngineStoppedException) heard.error()).isSuspect()).isEqualTo(heard != waiting);
    }
    assertThat(mortal.isStopped()).isTrue();
    assertThat(dying.isClosed()).as("before anybody hears of it").isTrue();
  }

  @Test
  void shouldFailOnlyTheSequenceWithBadLogitsAndForgetItsBlocks() {
    int[] prompt = {1, 2, 3, 4, 5, 6, 7, HashRuntime.POISON_TOKEN};
    for (int i = 0; i < 2; i++) {
      Collector bad = new Collector();
      Collector good = new Collector();
      submit(bad, 0, 0, prompt);
      submit(good, 0, 0, 8, 9);
      assertThat(bad.error()).isInstanceOf(BadLogitsException.class);
      assertThat(good.result().tokens()).hasSize(150);
    }
    assertThat(engine.stats().cachedTokens()).isZero();
  }

  @Test
  void shouldSurviveAListenerThatThrows() {
    CountDownLatch finished = new CountDownLatch(1);
    engine.submit(
        TestEngines.request("r", new int[] {1}, LONG),
        new GenerationListener() {
          @Override
          public void onText(int index, String text) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void onFinished(GenerationResult result) {
            finished.countDown();
            throw new AssertionError("on purpose");
          }

          @Override
          public void onError(Throwable error) {
            throw new AssertionError(error);
          }
        });
    Collector next = new Collector();
    submit(next, 0, 0, 2);
    assertThat(next.result().tokens()).hasSize(150);
    assertThat(finished.getCount()).isZero();
  }

  @Test
  void shouldLetHigherPrioritiesTakeThePlaceThenEarlierArrivals() throws InterruptedException {
    GatedRuntime single = new GatedRuntime(128, 4);
    List<String> ended = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(5);
    try (Engine one = TestEngines.open(single, new Limits(1, 64, 8), clock)) {
      single.shut();
      for (String id : List.of("0 first", "0", "3", "1", "3 later")) {
        int priority = id.charAt(0) - '0';
        one.submit(
            new GenerationRequest(id, new int[] {1}, SamplingParameters.greedy(3), priority, 0),
            new Collector() {
              @Override
              public void onFinished(GenerationResult result) {
                ended.add(id);
                all.countDown();
              }
            });
        if (id.equals("0 first")) {
          single.awaitStep();
        }
      }
      single.open();
      all.await();
    }
    assertThat(ended).containsExactly("3", "3 later", "1", "0 first", "0");
  }

  @Test
  void shouldEndEverythingWhenClosed() {
    runtime.shut();
    Collector running = new Collector();
    Collector waiting = new Collector();
    submit(running, 0, 0, 1);
    runtime.awaitStep();
    submit(waiting, 0, 0, 2);
    Thread closing = new Thread(engine::close);
    closing.start();
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait(); // until it has closed the inbox and waits for the step
    }
    runtime.open();
    assertThat(running.error()).hasMessageContaining("the engine was closed");
    assertThat(((EngineStoppedException) running.error()).isSuspect()).isFalse();
    assertThat(engine.isStopped()).isTrue();
    assertThat(waiting.error()).hasMessageContaining("the engine was closed");
    engine.close();
    assertThatThrownBy(() -> submit(new Collector(), 0, 0, 3))
        .isInstanceOf(EngineStoppedException.class)
        .hasMessageContaining("the engine is closed");
  }

  @Test
  void shouldLetAListenerCloseIt() {
    AtomicReference<Throwable> end = new AtomicReference<>();
    CountDownLatch closed = new CountDownLatch(1);
    engine.submit(
        TestEngines.request("r", new int[] {1}, LONG),
        new GenerationListener() {
          @Override
          public void onText(int index, String text) {
            engine.close();
          }

          @Override
          public void onFinished(GenerationResult result) {
            closed.countDown();
          }

          @Override
          public void onError(Throwable error) {
            end.set(error);
            closed.countDown();
          }
        });
    engine.close();
    assertThat(closed.getCount()).isZero();
    assertThat(end.get()).hasMessageContaining("the engine was closed");
  }

  @Test
  void shouldRefuseBadRequestsAndNameTheValue() {
    assertThatThrownBy(() -> submit(new Collector(), 0, 0)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> submit(new Collector(), 0, 0, 1, 98))
        .hasMessageContaining("prompt holds the id 98");
    assertThatThrownBy(() -> submit(new Collector(), 0, 0, -1))
        .hasMessageContaining("prompt holds the id -1");
    assertThatThrownBy(() -> submit(new Collector(), 0, 0, new int[512]))
        .hasMessageContaining("512 tokens")
        .hasMessageContaining("only 511 fit");
    SamplingParameters named = SamplingParameters.builder().logprobTokenIds(List.of(98)).build();
    assertThatThrownBy(
            () -> engine.submit(TestEngines.request("r", new int[] {1}, named), new Collector()))
        .hasMessageContaining("logprob_token_ids holds the id 98");
  }

  @Test
  void shouldReuseTheBlocksOfAnEarlierTurn() {
    Collector first = new Collector();
    int[] prompt = {1, 2, 3, 4, 5, 6};
    engine.submit(TestEngines.request("1", prompt, SamplingParameters.greedy(7)), first);
    int[] answer = first.result().tokens();
    int[] next = Arrays.copyOf(prompt, 6 + answer.length + 3);
    System.arraycopy(answer, 0, next, 6, answer.length);
    Collector second = new Collector();
    engine.submit(TestEngines.request("2", next, SamplingParameters.greedy(1)), second);
    int computed = 6 + answer.length - 1;
    assertThat(second.result().usage().cachedTokens()).isEqualTo(computed / 4 * 4);
  }

  private Generation submit(Collector heard, int priority, long deadline, int... prompt) {
    return engine.submit(new GenerationRequest("r", prompt, LONG, priority, deadline), heard);
  }
}
