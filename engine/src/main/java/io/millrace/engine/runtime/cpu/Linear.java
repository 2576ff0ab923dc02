package io.millrace.engine.runtime.cpu;

import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.WeightFormat;
import java.util.Arrays;

/**
 * A linear layer: rows are put in, multiplied all at once, and got out one by one. Its output
 * columns are cut into parts, so that as many threads can multiply few rows.
 */
abstract class Linear implements AutoCloseable {
  private final LinearSession[] parts;
  private final int inputs;
  private final int[] starts;

  Linear(LinearSession[] parts) {
    this.parts = parts;
    inputs = parts[0].inputs();
    starts = new int[parts.length + 1];
    for (int i = 0; i < parts.length; i++) {
      starts[i + 1] = starts[i] + parts[i].outputs();
    }
  }

  final WeightFormat format() {
    return parts[0].format();
  }

  final int inputs() {
    return inputs;
  }

  final int outputs() {
    return starts[parts.length];
  }

  final int parts() {
    return parts.length;
  }

  /** The first output column of a part. */
  final int start(int part) {
    return starts[part];
  }

  final int outputs(int part) {
    return parts[part].outputs();
  }

  final int widestPart() {
    return Arrays.stream(parts).mapToInt(LinearSession::outputs).max().getAsInt();
  }

  abstract void put(LinearBuffers buffers, int row, float[] x, int from, RowScratch scratch);

  /** Multiplies all rows with the columns of a part. */
  final void run(LinearBuffers buffers, int part) {
    parts[part].run(buffers.input, buffers.outputs[part]);
  }

  /** Copies a row of products. */
  abstract void get(LinearBuffers buffers, int row, float[] y, RowScratch scratch);

  /** Adds a row of products. */
  abstract void addTo(LinearBuffers buffers, int row, float[] sum, int sumFrom, RowScratch scratch);

  /** Combines the gate, the first half of a row of products, with the second half. */
  abstract void siluMultiply(LinearBuffers buffers, int row, float[] into, RowScratch scratch);

  @Override
  public final void close() {
    for (LinearSession part : parts) {
      part.close();
    }
  }
}
