package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.kernel.RowKernels;
import io.millrace.engine.runtime.onnx.LinearSession;

/**
 * A linear layer in 8-bit integers: a row is quantised with a scale of its own, so its result
 * depends on nothing else in the batch, and the integer product is exact.
 */
final class Int8Linear extends Linear {
  private final float[] scales;

  /**
   * @param scales of the output columns
   */
  Int8Linear(LinearSession[] parts, float[] scales) {
    super(parts);
    this.scales = scales;
  }

  @Override
  void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch) {
    buffers.rowScales[row] = RowKernels.quantise(x, from, inputs(), scratch.bytes);
    buffers.input.put(row * inputs(), scratch.bytes, inputs());
  }

  @Override
  void get(LinearBuffers buffers, int row, float[] y, RowScratch scratch) {
    int[] products = products(buffers, row, scratch);
    RowKernels.rescale(products, outputs(), buffers.rowScales[row], scales, y);
  }

  @Override
  void addTo(LinearBuffers buffers, int row, float[] sum, int sumFrom, RowScratch scratch) {
    int[] products = products(buffers, row, scratch);
    RowKernels.rescaleAdd(products, outputs(), buffers.rowScales[row], scales, sum, sumFrom);
  }

  @Override
  void siluMultiply(LinearBuffers buffers, int row, float[] into, RowScratch scratch) {
    int[] products = products(buffers, row, scratch);
    RowKernels.rescaleSiluMultiply(products, outputs() / 2, buffers.rowScales[row], scales, into);
  }

  private int[] products(LinearBuffers buffers, int row, RowScratch scratch) {
    for (int part = 0; part < parts(); part++) {
      int n = outputs(part);
      buffers.outputs[part].get(row * n, scratch.ints, start(part), n);
    }
    return scratch.ints;
  }
}
