package io.millrace.engine.runtime.probe;

import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.LinearWeights;
import io.millrace.engine.runtime.onnx.NativeRows;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import io.millrace.engine.runtime.onnx.WeightFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** How fast the products of the model's own kind are where everything lies in the caches. */
final class ProductPeak {
  /** Square weights: 256 KiB in 8 bits, 1 MiB in float. */
  private static final int WIDTH = 512;

  private static final int[] ROWS = {64, 256, 512};
  private static final long NANOS_PER_SHAPE = 300_000_000L;
  private static final byte[] BYTES = new byte[WIDTH];
  private static final float[] FLOATS = new float[WIDTH];

  static {
    Arrays.fill(BYTES, (byte) 77);
    Arrays.fill(FLOATS, 1);
  }

  private ProductPeak() {}

  /** The best of several numbers of rows; every thread multiplies rows and weights of its own. */
  static double opsPerSecond(WeightFormat format, int threads) {
    try (OnnxEnvironment environment = OnnxEnvironment.acquire()) {
      double best = 0;
      for (int rows : ROWS) {
        double sum =
            Together.sum(threads, thread -> 1 / shortestSeconds(environment, format, rows));
        best = Math.max(best, 2.0 * rows * WIDTH * WIDTH * sum);
      }
      return best;
    }
  }

  private static double shortestSeconds(
      OnnxEnvironment environment, WeightFormat format, int rows) {
    try (LinearSession session = new LinearSession(environment, "the probe", weights(format));
        NativeRows x = new NativeRows(format.input(), WIDTH);
        NativeRows y = new NativeRows(format.output(), WIDTH)) {
      fill(x, format, rows);
      y.resize(rows);
      long shortest = Long.MAX_VALUE;
      long end = System.nanoTime() + NANOS_PER_SHAPE;
      for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
        session.run(x, y);
        shortest = Math.min(shortest, System.nanoTime() - start);
      }
      return shortest / 1e9;
    }
  }

  private static LinearWeights weights(WeightFormat format) {
    LinearWeights weights = new LinearWeights(format, WIDTH, WIDTH);
    ByteBuffer buffer = weights.buffer();
    while (buffer.hasRemaining()) {
      if (format == WeightFormat.FLOAT) {
        buffer.putFloat(1);
      } else {
        buffer.put((byte) buffer.position());
      }
    }
    return weights;
  }

  private static void fill(NativeRows x, WeightFormat format, int rows) {
    x.resize(rows);
    for (int row = 0; row < rows; row++) {
      if (format == WeightFormat.FLOAT) {
        x.put(row * WIDTH, FLOATS, 0, WIDTH);
      } else {
        x.put(row * WIDTH, BYTES, WIDTH);
      }
    }
  }
}
