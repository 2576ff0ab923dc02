package io.millrace.engine.runtime.onnx;

import static org.bytedeco.onnxruntime.global.onnxruntime.ORT_DISABLE_ALL;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
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
  private final int inputs;
  private final int outputs;
  private final Session session;

  /** The weights, where ONNX Runtime has not packed them into a copy of its own; else null. */
  private final LinearWeights unpacked;

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
    if (traits.packs(weights.format())) {
      weights.close();
      unpacked = null;
    } else {
      unpacked = weights;
    }
  }

  private static Session open(
      OnnxEnvironment environment, LinearWeights weights, ProductTraits traits) {
    boolean shifted = weights.format() == WeightFormat.INT8 && !traits.signedWeightsExact();
    if (shifted) {
      shift(weights.buffer());
    }
    TensorType type =
        weights.format() == WeightFormat.FLOAT
            ? TensorType.FLOAT
            : shifted ? TensorType.UINT8 : TensorType.INT8;
    byte[] graph =
        weights.format() == WeightFormat.FLOAT
            ? LinearGraph.fp32(weights.inputs(), weights.outputs())
            : LinearGraph.int8(type, shifted ? 128 : 0, weights.inputs(), weights.outputs());
    try (SessionOptions options = new SessionOptions();
        BytePointer model = new BytePointer(graph);
        MemoryInfo memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
        LongPointer shape = new LongPointer(weights.inputs(), weights.outputs());
        Value value =
            Value.CreateTensor(
                memory.asOrtMemoryInfo(),
                weights.pointer(),
                weights.pointer().capacity(),
                shape,
                2,
                type.proto())) {
      // Threads are ours: two pools would wake up for each other's work on the same cores.
      options.SetIntraOpNumThreads(1);
      // One node leaves nothing to optimise, but trying takes three quarters of the time.
      options.SetGraphOptimizationLevel(ORT_DISABLE_ALL);
      // One arena per session would keep memory that only a session at a time uses.
      options.DisableCpuMemArena();
      options.DisableMemPattern();
      options.AddInitializer(LinearGraph.WEIGHTS, value.asOrtValue());
      return new Session(environment.env(), model, graph.length, options);
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
    if (unpacked != null) {
      unpacked.close();
    }
    runOptions.close();
    inputNames.close();
    outputNames.close();
    input.close();
    output.close();
  }
}
