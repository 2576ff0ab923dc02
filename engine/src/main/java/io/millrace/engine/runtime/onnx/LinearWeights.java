package io.millrace.engine.runtime.onnx;

import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;

/** The weights of some output columns of a linear layer, in native memory, row-major [in, out]. */
public final class LinearWeights implements AutoCloseable {
  private final WeightFormat format;
  private final int inputs;
  private final int outputs;
  private final BytePointer pointer;

  public LinearWeights(WeightFormat format, int inputs, int outputs) {
    this.format = format;
    this.inputs = inputs;
    this.outputs = outputs;
    long bytes = (long) inputs * outputs * format.bytes();
    try {
      pointer = new BytePointer(bytes);
    } catch (OutOfMemoryError e) {
      throw new RuntimeFailureException(
          "No native memory for " + bytes + " bytes of weights: the model is too large", e);
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

  /** The memory, to be filled. */
  public ByteBuffer buffer() {
    return pointer.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  BytePointer pointer() {
    return pointer;
  }

  @Override
  public void close() {
    pointer.close();
  }
}
