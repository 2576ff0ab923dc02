package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.onnx.GroupQueryAttention;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import java.util.Arrays;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The attention of one step, all layers of Qwen2.5-0.5B, each with KV of its own as in a real step:
 * ours over paged blocks beside ONNX Runtime's over contiguous KV.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
// The vector kernels' compilation differs between JVMs: judge by several.
@Fork(3)
public class AttentionBenchmark {
  private static final int LAYERS = 24;

  /** Steps: sequences that decode x tokens of each, or a chunk of a longer prompt. */
  public enum Shape {
    DECODE_16_X_256(16, 255, 1),
    DECODE_16_X_1024(16, 1023, 1),
    DECODE_1_X_1024(1, 1023, 1),
    DECODE_1_X_8192(1, 8191, 1),
    PREFILL_512_AT_512(1, 512, 512);

    private final int[] past;
    private final int tokens;

    Shape(int sequences, int past, int tokens) {
      this.past = new int[sequences];
      Arrays.fill(this.past, past);
      this.tokens = tokens;
    }

    int[] past() {
      return past;
    }

    int tokens() {
      return tokens;
    }
  }

  /** The product's attention. */
  @State(Scope.Benchmark)
  public static class Paged {
    @Param public Shape shape;

    @Param public KvType kvType;

    @Param("2")
    public int threads;

    private PagedStep step;

    @Setup
    public void open() {
      ModelConfig config = AttentionShape.config(LAYERS);
      float[][] qkv = AttentionShape.qkv(config, shape.past, shape.tokens);
      step = new PagedStep(config, shape.past, shape.tokens, qkv, kvType, threads);
    }

    @TearDown
    public void close() {
      step.close();
    }
  }

  /** ONNX Runtime's attention. */
  @State(Scope.Benchmark)
  public static class Onnx {
    @Param public Shape shape;

    @Param("2")
    public int threads;

    private OnnxEnvironment environment;
    private GroupQueryAttention attention;
    private GroupQueryAttention.Step step;

    @Setup
    public void open() {
      ModelConfig config = AttentionShape.config(LAYERS);
      float[][] qkv = AttentionShape.qkv(config, shape.past, shape.tokens);
      environment = OnnxEnvironment.acquire();
      int capacity = shape.past[0] + shape.tokens;
      attention =
          new GroupQueryAttention(environment, config, shape.past.length, capacity, threads);
      for (int s = 0; s < shape.past.length; s++) {
        attention.step(s, new int[] {0}, shape.past[s], qkv).run(0);
      }
      attention.copyFirstLayer();
      step = attention.step(0, shape.past, shape.tokens, qkv);
    }

    @TearDown
    public void close() {
      attention.close();
      environment.close();
    }
  }

  @Benchmark
  public float[] paged(Paged state) {
    return state.step.run();
  }

  @Benchmark
  public void groupQuery(Onnx state) {
    for (int layer = 0; layer < LAYERS; layer++) {
      state.step.run(layer);
    }
  }
}
