package io.millrace.engine.runtime.onnx;

import io.millrace.engine.model.TensorInfo;
import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.onnxruntime.RunOptions;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.SessionOptions;

/** The ONNX Runtime session of one linear layer. */
public final class LinearSession implements AutoCloseable {
  private static final String WEIGHTS_FOLDER =
      "session.model_external_initializers_file_folder_path";

  /** Keeps the integer product exact on processors whose mixed-sign product saturates. */
  private static final String EXACT = "session.x64quantprecision";

  private final String name;
  private final int inputs;
  private final int outputs;
  private final Session session;
  private final RunOptions runOptions = new RunOptions();
  private final BytePointer input = new BytePointer(LinearGraph.INPUT);
  private final BytePointer output = new BytePointer(LinearGraph.OUTPUT);
  private final PointerPointer<BytePointer> inputNames = new PointerPointer<>(1);
  private final PointerPointer<BytePointer> outputNames = new PointerPointer<>(1);

  /**
   * @param directory holds the weights file
   * @param name the weights' tensor, for messages
   */
  public LinearSession(
      OnnxEnvironment environment, Path directory, String name, TensorInfo weights) {
    this.name = name;
    this.inputs = Math.toIntExact(weights.shape()[0]);
    this.outputs = Math.toIntExact(weights.shape()[1]);
    inputNames.put(0, input);
    outputNames.put(0, output);
    byte[] graph =
        weights.type().equals("int8") ? LinearGraph.int8(weights) : LinearGraph.fp32(weights);
    try (SessionOptions options = new SessionOptions();
        BytePointer model = new BytePointer(graph)) {
      options.DisablePerSessionThreads();
      // One arena per session would keep memory that only a session at a time uses.
      options.DisableCpuMemArena();
      options.DisableMemPattern();
      options.AddConfigEntry(WEIGHTS_FOLDER, directory.toAbsolutePath().toString());
      options.AddConfigEntry(EXACT, "1");
      session = new Session(environment.env(), model, graph.length, options);
    } catch (RuntimeException e) {
      throw new RuntimeFailureException(
          "ONNX Runtime cannot load "
              + name
              + " of the prepared model in "
              + directory
              + ": "
              + e.getMessage(),
          e);
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
    runOptions.close();
    inputNames.close();
    outputNames.close();
    input.close();
    output.close();
  }
}
