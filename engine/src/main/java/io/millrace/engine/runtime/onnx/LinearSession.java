package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_DISABLE_ALL;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.RunOptions;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;
import org.bytedeco.onnxruntime.Value;

/**
 * The ONNX Runtime session of some output columns of one linear layer. It works on the thread that
 * runs it; several threads may, each with rows of its own.
 */
public final class LinearSession implements AutoCloseable {
  private final String name;
  private final WeightFormat format;
  private final int inputs;
  private final int outputs;
  private final Session session;

  /** What ONNX Runtime has not packed into a copy of its own. */
  private final List<LinearWeights.Constant> kept = new ArrayList<>();

  private final RunOptions runOptions = new RunOptions();
  private final BytePointer input = new BytePointer(LinearGraph.INPUT);
  private final BytePointer output = new BytePointer(LinearGraph.OUTPUT);
  private final PointerPointer<BytePointer> inputNames = new PointerPointer<>(1);
  private final PointerPointer<BytePointer> outputNames = new PointerPointer<>(1);

  /**
   * @param name the weights' tensor, for messages
   * @param weights taken over: their memory is freed or kept as the product needs
   */
  public LinearSession(OnnxEnvironment environment, String name, LinearWeights weights) {
    this(environment, name, weights, environment.traits());
  }

  LinearSession(
      OnnxEnvironment environment, String name, LinearWeights weights, ProductTraits traits) {
    this.name = name;
    this.format = weights.format();
    this.inputs = weights.inputs();
    this.outputs = weights.outputs();
    inputNames.put(0, input);
    outputNames.put(0, output);
    try {
      session = open(environment, weights, traits);
    } catch (RuntimeException e) {
      weights.close();
      throw new RuntimeFailureException(
          "ONNX Runtime cannot load " + name + " of the prepared model: " + e.getMessage(), e);
    }
    for (LinearWeights.Constant constant : weights.constants()) {
      if (traits.packs(format, constant.name())) {
        constant.memory().close();
      } else {
        kept.add(constant);
      }
    }
  }

  private static Session open(
      OnnxEnvironment environment, LinearWeights weights, ProductTraits traits) {
    boolean shifted = weights.format() == WeightFormat.INT8 && !traits.signedWeightsExact();
    if (shifted) {
      shift(weights.buffer());
    }
    byte[] graph = graph(weights, shifted);
    List<Value> values = new ArrayList<>();
    try (SessionOptions options = new SessionOptions();
        BytePointer model = new BytePointer(graph);
        MemoryInfo memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault)) {
      // Threads are ours: two pools would wake up for each other's work on the same cores.
      options.SetIntraOpNumThreads(1);
      // One node leaves nothing to optimise, but trying takes three quarters of the time.
      options.SetGraphOptimizationLevel(ORT_DISABLE_ALL);
      // One arena per session would keep memory that only a session at a time uses.
      options.DisableCpuMemArena();
      options.DisableMemPattern();
      for (LinearWeights.Constant constant : weights.constants()) {
        TensorType type = shifted ? TensorType.UINT8 : constant.type();
        Value value = value(memory, constant, type);
        values.add(value);
        options.AddInitializer(constant.name(), value.asOrtValue());
      }
      return new Session(environment.env(), model, graph.length, options);
    } finally {
      values.forEach(Value::close);
    }
  }

  private static byte[] graph(LinearWeights weights, boolean shifted) {
    int in = weights.inputs();
    int out = weights.outputs();
    return switch (weights.format()) {
      case FLOAT -> LinearGraph.fp32(in, out);
      case INT8 ->
          LinearGraph.int8(
              shifted ? TensorType.UINT8 : TensorType.INT8, shifted ? 128 : 0, in, out);
      case INT4 -> LinearGraph.int4(in, out);
    };
  }

  private static Value value(MemoryInfo memory, LinearWeights.Constant constant, TensorType type) {
    long bytes = constant.memory().capacity();
    try (LongPointer shape = new LongPointer(constant.shape())) {
      return Value.CreateTensor(
          memory.asOrtMemoryInfo(),
          constant.memory(),
          bytes,
          shape,
          constant.shape().length,
          type.proto());
    }
  }

  /** From signed bytes to unsigned ones around 128. */
  private static void shift(ByteBuffer bytes) {
    int i = 0;
    for (; i + Long.BYTES <= bytes.capacity(); i += Long.BYTES) {
      bytes.putLong(i, bytes.getLong(i) ^ 0x8080808080808080L);
    }
    for (; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) (bytes.get(i) ^ 0x80));
    }
  }

  public WeightFormat format() {
    return format;
  }

  public int inputs() {
    return inputs;
  }

  public int outputs() {
    return outputs;
  }

  /** Multiplies all rows of x into y, which has been resized to as many. */
  public void run(NativeRows x, NativeRows y) {
    try {
      session.Run(runOptions, inputNames, x.view(inputs), 1, outputNames, y.view(outputs), 1);
    } catch (RuntimeException e) {
      throw new RuntimeFailureException(
          "ONNX Runtime failed on " + name + " with " + x.rows() + " rows: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    session.close();
    kept.forEach(constant -> constant.memory().close());
    runOptions.close();
    inputNames.close();
    outputNames.close();
    input.close();
    output.close();
  }
}
