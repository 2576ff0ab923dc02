package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.onnx.LinearSession;

/** A linear layer: rows are put in, multiplied all at once, and got out one by one. */
interface Linear extends AutoCloseable {

  /** Does the product itself, in whatever number format. */
  LinearSession session();

  default int inputs() {
    return session().inputs();
  }

  default int outputs() {
    return session().outputs();
  }

  void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch);

  default void run(LinearBuffers buffers) {
    session().run(buffers.input, buffers.output);
  }

  void get(LinearBuffers buffers, int row, float[] y, int[] scratch);

  @Override
  default void close() {
    session().close();
  }
}
