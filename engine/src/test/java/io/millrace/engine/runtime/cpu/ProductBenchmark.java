package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.LinearWeights;
import io.millrace.engine.runtime.onnx.NativeRows;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import io.millrace.engine.runtime.onnx.WeightFormat;
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
 * The products of a layer of Qwen2.5-0.5B, in the two ways that a step shares them out. The weights
 * of one product stay in the last cache here; in a step each comes from memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProductBenchmark {
  /** Inputs and outputs. */
  public enum Product {
    QKV(896, 1152),
    OUTPUT(896, 896),
    GATE_UP(896, 9728),
    DOWN(4864, 896);

    private final int inputs;
    private final int outputs;

    Product(int inputs, int outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
    }
  }

  @Param public Product product;

  @Param({"INT8"})
  public WeightFormat format;

  @Param({"1", "4", "16", "64", "512"})
  public int rows;

  @Param("2")
  public int threads;

  private OnnxEnvironment environment;
  private WorkerPool workers;
  private LinearSession[] parts;

  /** All rows, and the outputs of each part. */
  private NativeRows input;

  private NativeRows[] outputs;

  /** Per thread its share of the rows, and the outputs of each part. */
  private NativeRows[] ownInput;

  private NativeRows[][] ownOutputs;

  @Setup
  public void open() {
    environment = OnnxEnvironment.acquire();
    workers = new WorkerPool(threads, false);
    int[] starts = ColumnParts.starts(product.outputs, 1, threads);
    parts = new LinearSession[starts.length - 1];
    for (int i = 0; i < parts.length; i++) {
      LinearWeights weights = new LinearWeights(format, product.inputs, starts[i + 1] - starts[i]);
      parts[i] = new LinearSession(environment, product.name(), weights);
    }
    input = rows(rows, true);
    outputs = outputs(rows);
    int share = Math.max(format.minRows(), rows / threads);
    ownInput = new NativeRows[threads];
    ownOutputs = new NativeRows[threads][];
    Arrays.setAll(ownInput, i -> rows(share, true));
    Arrays.setAll(ownOutputs, i -> outputs(share));
  }

  private NativeRows rows(int count, boolean in) {
    NativeRows made =
        new NativeRows(
            in ? format.input() : format.output(), in ? product.inputs : product.outputs);
    made.resize(Math.max(format.minRows(), count));
    if (in) {
      made.prepareView(product.inputs);
    }
    return made;
  }

  private NativeRows[] outputs(int count) {
    NativeRows[] made = new NativeRows[parts.length];
    Arrays.setAll(made, i -> rows(count, false));
    return made;
  }

  /** Few rows: each thread takes columns. */
  @Benchmark
  public void columns() {
    workers.run(parts.length, (part, worker) -> parts[part].run(input, outputs[part]));
  }

  /** Many rows: each thread takes rows, in a step at most 32 at once. */
  @Benchmark
  public void rows() {
    workers.run(
        threads,
        (share, worker) -> {
          for (int part = 0; part < parts.length; part++) {
            parts[part].run(ownInput[share], ownOutputs[share][part]);
          }
        });
  }

  @TearDown
  public void close() {
    workers.close();
    for (LinearSession part : parts) {
      part.close();
    }
    input.close();
    closeAll(outputs);
    closeAll(ownInput);
    for (NativeRows[] own : ownOutputs) {
      closeAll(own);
    }
    environment.close();
  }

  private static void closeAll(NativeRows[] all) {
    for (NativeRows one : all) {
      one.close();
    }
  }
}
