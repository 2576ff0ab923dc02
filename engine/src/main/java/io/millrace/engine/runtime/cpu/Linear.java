package io.millrace.engine.runtime.cpu;

/** A linear layer: rows are put in, multiplied all at once, and got out one by one. */
interface Linear extends AutoCloseable {
  int inputs();

  int outputs();

  void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch);

  void run(LinearBuffers buffers);

  void get(LinearBuffers buffers, int row, float[] y, int[] scratch);

  @Override
  void close();
}
