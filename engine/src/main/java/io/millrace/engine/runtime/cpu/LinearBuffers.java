package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.Precision;
import io.millrace.engine.runtime.onnx.NativeRows;
import io.millrace.engine.runtime.onnx.TensorType;

/** The activations that one linear layer after the other reads and writes. */
final class LinearBuffers implements AutoCloseable {
  final NativeRows input;
  final NativeRows output;
  float[] rowScales = new float[0];

  LinearBuffers(Precision precision, int widestInput, int widestOutput) {
    boolean int8 = precision == Precision.INT8;
    input = new NativeRows(int8 ? TensorType.UINT8 : TensorType.FLOAT, widestInput);
    output = new NativeRows(int8 ? TensorType.INT32 : TensorType.FLOAT, widestOutput);
  }

  void resize(int rows) {
    input.resize(rows);
    output.resize(rows);
    if (rowScales.length < rows) {
      rowScales = new float[rows];
    }
  }

  @Override
  public void close() {
    input.close();
    output.close();
  }
}
