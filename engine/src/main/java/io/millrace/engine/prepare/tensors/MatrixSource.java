package io.millrace.engine.prepare.tensors;

import java.io.IOException;

/**
 * A matrix that is read by rows, as checkpoints store it: [out, in] for linear layers; a vector is
 * a matrix of one column.
 */
public interface MatrixSource {

  int rows();

  int columns();

  /**
   * Reads rows as floats.
   *
   * @param first the first row
   * @param count number of rows
   * @param into receives element (r, c) at {@code offset + (r - first) * stride + c}
   * @param stride at least {@link #columns()}
   */
  void read(int first, int count, float[] into, int offset, int stride) throws IOException;
}
