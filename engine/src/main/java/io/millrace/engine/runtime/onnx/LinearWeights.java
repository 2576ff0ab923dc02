package io.millrace.engine.runtime.onnx;

import io.millrace.engine.model.Int4Layout;
import io.millrace.engine.runtime.RuntimeFailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/** The weights of some output columns of a linear layer, in native memory. */
public final class LinearWeights implements AutoCloseable {
  private final WeightFormat format;
  private final int inputs;
  private final int outputs;
  private final List<Constant> constants = new ArrayList<>();

  /**
   * One input of the product that never changes.
   *
   * @param name in the graph
   */
  record Constant(String name, TensorType type, long[] shape, BytePointer memory) {
    ByteBuffer buffer() {
      return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }
  }

  public LinearWeights(WeightFormat format, int inputs, int outputs) {
    this.format = format;
    this.inputs = inputs;
    this.outputs = outputs;
    switch (format) {
      case FLOAT -> add(LinearGraph.WEIGHTS, TensorType.FLOAT, inputs, outputs);
      case INT8 -> add(LinearGraph.WEIGHTS, TensorType.INT8, inputs, outputs);
      case INT4 -> {
        int blocks = Int4Layout.blocks(inputs);
        add(LinearGraph.WEIGHTS, TensorType.UINT8, outputs, blocks, Int4Layout.BLOCK / 2);
        add(LinearGraph.SCALES, TensorType.FLOAT, outputs, blocks);
      }
    }
  }

  private void add(String name, TensorType type, long... shape) {
    long bytes = type.bytes();
    for (long size : shape) {
      bytes *= size;
    }
    try {
      constants.add(new Constant(name, type, shape, new BytePointer(bytes)));
    } catch (OutOfMemoryError e) {
      close();
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

  /** The weights' memory, to be filled. */
  public ByteBuffer buffer() {
    return constants.get(0).buffer();
  }

  /** The scales' memory, to be filled; INT4 has them. */
  public ByteBuffer scales() {
    return constants.get(1).buffer();
  }

  List<Constant> constants() {
    return constants;
  }

  @Override
  public void close() {
    constants.forEach(c -> c.memory().close());
    constants.clear();
  }
}
