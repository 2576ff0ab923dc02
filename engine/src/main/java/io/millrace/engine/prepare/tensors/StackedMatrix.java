package io.millrace.engine.prepare.tensors;

import java.io.IOException;
import java.util.List;

/** Matrices of equal width, one below the other. */
public record StackedMatrix(List<MatrixSource> parts) implements MatrixSource {

  @Override
  public int rows() {
    return parts.stream().mapToInt(MatrixSource::rows).sum();
  }

  @Override
  public int columns() {
    return parts.get(0).columns();
  }

  @Override
  public void read(int first, int count, float[] into, int offset, int stride) throws IOException {
    int partStart = 0;
    for (MatrixSource part : parts) {
      int from = Math.max(first, partStart);
      int to = Math.min(first + count, partStart + part.rows());
      if (from < to) {
        part.read(from - partStart, to - from, into, offset + (from - first) * stride, stride);
      }
      partStart += part.rows();
    }
  }
}
