package io.millrace.engine.testing;

import io.millrace.engine.GenerationRequest;
import io.millrace.engine.batching.ContinuousBatchingEngine;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import java.time.Clock;

/** Engines over the runtimes of this package. */
public final class TestEngines {
  public static final Limits WIDE = new Limits(16, 4096, 64);

  private TestEngines() {}

  public static ContinuousBatchingEngine open(ModelRuntime runtime) {
    return open(runtime, WIDE, Clock.systemUTC());
  }

  public static ContinuousBatchingEngine open(ModelRuntime runtime, Limits limits, Clock clock) {
    return new ContinuousBatchingEngine(
        TestModel.manifest(),
        new TestTokenizer(),
        TestModel.chatFormat(),
        runtime,
        limits,
        runtime.blockCount() * runtime.blockSize(),
        clock);
  }

  public static GenerationRequest request(String id, int[] prompt, SamplingParameters sampling) {
    return new GenerationRequest(id, prompt, sampling, 0, 0);
  }
}
