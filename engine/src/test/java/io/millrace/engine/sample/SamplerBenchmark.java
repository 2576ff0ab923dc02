package io.millrace.engine.sample;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Choosing one token of Qwen2.5's vocabulary. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class SamplerBenchmark {
  private static final int VOCABULARY = 151_936;

  /** What is asked for. */
  public enum Kind {
    GREEDY(SamplingParameters.greedy(1)),
    TOP_K_50_TOP_P(SamplingParameters.builder().topK(50).topP(0.8).seed(1).build()),
    TOP_P(SamplingParameters.builder().topP(0.8).seed(1).build()),
    ALL(SamplingParameters.builder().seed(1).build()),
    PENALTY(SamplingParameters.builder().topK(50).repetitionPenalty(1.1).seed(1).build());

    private final SamplingParameters parameters;

    Kind(SamplingParameters parameters) {
      this.parameters = parameters;
    }
  }

  @Param public Kind kind;

  private final float[] logits = new float[VOCABULARY];
  private final float[] row = new float[VOCABULARY];
  private final TokenSampler sampler = new TokenSampler(VOCABULARY);
  private SeenTokens seen;
  private long position;

  @Setup
  public void fill() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < VOCABULARY; i++) {
      // About the spread of a real model's logits: a few stand out.
      logits[i] = (float) (-3 * Math.log(1 - random.nextDouble()));
    }
    seen = new SeenTokens(kind.parameters, random.ints(1000, 0, VOCABULARY).toArray());
  }

  @Benchmark
  public int choose() {
    // Penalties change the row: each choice has a copy, as in a step.
    System.arraycopy(logits, 0, row, 0, VOCABULARY);
    return sampler.choose(row, kind.parameters, seen, position++);
  }
}
