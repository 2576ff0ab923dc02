package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.onnx.LinearSession;

/** A linear layer in 32-bit floating point. */
record Fp32Linear(LinearSession session) implements Linear {

  @Override
  public void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch) {
    buffers.input.put(row * inputs(), x, from, inputs());
  }

  @Override
  public void get(LinearBuffers buffers, int row, float[] y, int[] scratch) {
    buffers.output.get(row * outputs(), y, outputs());
  }
}
