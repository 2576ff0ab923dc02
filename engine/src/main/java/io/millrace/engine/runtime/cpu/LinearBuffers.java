package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.onnx.NativeRows;
import io.millrace.engine.runtime.onnx.WeightFormat;
import java.util.Arrays;

/** The activations that one linear layer after the other reads and writes. */
final class LinearBuffers implements AutoCloseable {
  final NativeRows input;

  /** The products, one buffer for each part of a linear layer. */
  final NativeRows[] outputs;

  float[] rowScales = new float[0];

  private final int minRows;
  private boolean twice;

  /**
   * @param parts of the linear layer with the most
   * @param widestOutput columns of the widest part
   */
  LinearBuffers(WeightFormat format, int widestInput, int parts, int widestOutput) {
    minRows = format.minRows();
    input = new NativeRows(format.input(), widestInput);
    outputs = new NativeRows[parts];
    Arrays.setAll(outputs, i -> new NativeRows(format.output(), widestOutput));
  }

  void resize(int rows) {
    twice = rows == 1 && minRows == 2;
    int multiplied = twice ? 2 : rows;
    input.resize(multiplied);
    for (NativeRows output : outputs) {
      output.resize(multiplied);
    }
    if (rowScales.length < rows) {
      rowScales = new float[rows];
    }
  }

  /** Whether the one row is multiplied twice, for the product needs two. */
  boolean twice() {
    return twice;
  }

  /** Makes the views of a linear layer before several threads use them. */
  void view(Linear linear) {
    input.prepareView(linear.inputs());
  }

  @Override
  public void close() {
    input.close();
    for (NativeRows output : outputs) {
      output.close();
    }
  }
}
