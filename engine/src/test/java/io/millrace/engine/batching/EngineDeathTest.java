package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineStoppedException;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.GatedRuntime;
import io.millrace.engine.testing.TestEngines;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an engine dies of, everybody hears of it, once. */
@Timeout(60)
class EngineDeathTest {
  private static final SamplingParameters LONG =
      SamplingParameters.builder().ignoreEos(true).maxNewTokens(150).build();

  /** One runs, all others wait. */
  private static final Limits ONE = new Limits(1, 64, 8);

  /** What a runtime or a listener dies of; undeclared ones need no compiler's consent. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable what) throws T {
    throw (T) what;
  }

  /** Dies as it is told, in its steps or after them. */
  private static final class DyingRuntime extends GatedRuntime {
    volatile Supplier<Throwable> inStep;
    volatile Supplier<Throwable> afterStep;
    volatile Supplier<Throwable> inClose;

    DyingRuntime() {
      super(128, 4);
    }

    @Override
    public void step(StepBatch batch) {
      super.step(batch);
      raiseIf(inStep);
    }

    @Override
    public void copyLogits(int row, float[] into) {
      raiseIf(afterStep);
      super.copyLogits(row, into);
    }

    @Override
    public void close() {
      super.close();
      raiseIf(inClose);
    }

    private static void raiseIf(Supplier<Throwable> what) {
      if (what != null) {
        EngineDeathTest.<RuntimeException>raise(what.get());
      }
    }
  }

  /** Runs out of memory whatever it hears. */
  private static class ExhaustedListener implements GenerationListener {
    private final AtomicInteger ends;

    ExhaustedListener(AtomicInteger ends) {
      this.ends = ends;
    }

    @Override
    public void onText(int index, String text) {
      throw new OutOfMemoryError("on purpose");
    }

    @Override
    public void onFinished(GenerationResult result) {
      ends.incrementAndGet();
      throw new OutOfMemoryError("on purpose");
    }

    @Override
    public void onError(Throwable error) {
      ends.incrementAndGet();
      throw new OutOfMemoryError("on purpose");
    }
  }

  private final DyingRuntime runtime = new DyingRuntime();
  private final Engine engine = TestEngines.open(runtime, ONE, Clock.systemUTC());

  @Test
  void shouldEndAllWhenMemoryRunsOutAfterAStep() {
    runtime.afterStep = () -> new OutOfMemoryError("on purpose");
    endsAll();
  }

  @Test
  void shouldEndAllWhenTheRuntimeThrowsWhatItDoesNotDeclare() {
    runtime.inStep = () -> new Exception("on purpose");
    endsAll();
  }

  @Test
  void shouldEndAllWhenNotEvenTheRuntimeCanBeClosed() {
    runtime.afterStep = () -> new OutOfMemoryError("on purpose");
    runtime.inClose = () -> new OutOfMemoryError("on purpose, too");
    endsAll();
  }

  @Test
  void shouldLoseAStepAloneWhenMemoryRunsOutInIt() {
    runtime.shut();
    Collector running = new Collector();
    Collector next = new Collector();
    submit(running);
    runtime.awaitStep();
    runtime.inStep = () -> new OutOfMemoryError("on purpose");
    runtime.permitStep();
    assertThat(running.error()).hasMessageContaining("on purpose").hasMessageContaining("-Xmx");
    runtime.inStep = null;
    runtime.open();
    submit(next);
    assertThat(next.result().tokens()).hasSize(150);
    assertThat(engine.isStopped()).isFalse();
    engine.close();
  }

  private void endsAll() {
    Supplier<Throwable> inStep = runtime.inStep;
    Supplier<Throwable> afterStep = runtime.afterStep;
    runtime.inStep = null;
    runtime.afterStep = null;
    runtime.shut();
    Collector running = new Collector();
    submit(running);
    runtime.awaitStep();
    Collector queued = new Collector();
    submit(queued);
    runtime.permitStep();
    runtime.awaitStep();
    Collector notTaken = new Collector();
    submit(notTaken);
    runtime.inStep = inStep;
    runtime.afterStep = afterStep;
    runtime.open();
    for (Collector heard : List.of(running, queued, notTaken)) {
      assertThat(heard.error()).isInstanceOf(EngineStoppedException.class);
      assertThat(heard.error()).hasMessageContaining("on purpose");
      assertThat(((EngineStoppedException) heard.error()).isSuspect()).isEqualTo(heard == running);
    }
    assertThat(engine.isStopped()).isTrue();
    assertThat(runtime.isClosed()).as("before anybody hears of it").isTrue();
    engine.close();
  }

  @Test
  void shouldEndAllWhenMemoryRunsOutInAListener() {
    runtime.shut();
    AtomicInteger ends = new AtomicInteger();
    submit(new ExhaustedListener(ends));
    runtime.awaitStep();
    Collector notTaken = new Collector();
    submit(new ExhaustedListener(ends));
    submit(notTaken);
    runtime.open();
    assertThat(notTaken.error()).hasMessageContaining("on purpose");
    engine.close();
    assertThat(ends).hasValue(2);
  }

  @Test
  void shouldEndWhatCameBehindTheCommandThatItDiedOf() {
    runtime.shut();
    AtomicInteger ends = new AtomicInteger();
    Generation generation =
        submit(
            new ExhaustedListener(ends) {
              @Override
              public void onText(int index, String text) {
                // Lives until it is cancelled.
              }
            });
    runtime.awaitStep();
    generation.cancel();
    Collector behind = new Collector();
    submit(behind);
    runtime.permitStep();
    assertThat(behind.error()).isInstanceOf(EngineStoppedException.class);
    engine.close();
    assertThat(ends).hasValue(1);
  }

  private Generation submit(GenerationListener listener) {
    return engine.submit(new GenerationRequest("r", new int[] {1, 2}, LONG, 0, 0), listener);
  }
}
