package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.kernel.RowKernels;
import io.millrace.engine.runtime.onnx.LinearSession;

/**
 * A linear layer whose product takes and gives floats, whatever its weights are. In INT4 ONNX
 * Runtime rounds the activations itself.
 */
final class FloatLinear extends Linear {

  FloatLinear(LinearSession[] parts) {
    super(parts);
  }

  @Override
  void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch) {
    buffers.input.put(row * inputs(), x, from, inputs());
    if (buffers.twice()) {
      buffers.input.put(inputs(), x, from, inputs());
    }
  }

  @Override
  void get(LinearBuffers buffers, int row, float[] y, RowScratch scratch) {
    for (int part = 0; part < parts(); part++) {
      int n = outputs(part);
      buffers.outputs[part].get(row * n, y, start(part), n);
    }
  }

  @Override
  void addTo(LinearBuffers buffers, int row, float[] sum, int sumFrom, RowScratch scratch) {
    get(buffers, row, scratch.wide, scratch);
    RowKernels.add(scratch.wide, outputs(), sum, sumFrom);
  }

  @Override
  void siluMultiply(LinearBuffers buffers, int row, float[] into, RowScratch scratch) {
    get(buffers, row, scratch.wide, scratch);
    RowKernels.siluMultiply(scratch.wide, outputs() / 2, into);
  }
}
