package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.kernel.RowKernels;
import io.millrace.engine.runtime.onnx.LinearSession;

/**
 * A linear layer in 8-bit integers: a row is quantised with a scale of its own, so its result
 * depends on nothing else in the batch, and the integer product is exact.
 *
 * @param scales of the output columns
 */
record Int8Linear(LinearSession session, float[] scales) implements Linear {

  @Override
  public void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch) {
    buffers.rowScales[row] = RowKernels.quantise(x, from, inputs(), scratch.bytes);
    buffers.input.put(row * inputs(), scratch.bytes, inputs());
  }

  @Override
  public void get(LinearBuffers buffers, int row, float[] y, int[] scratch) {
    buffers.output.get(row * outputs(), scratch, outputs());
    RowKernels.rescale(scratch, outputs(), buffers.rowScales[row], scales, y);
  }
}
