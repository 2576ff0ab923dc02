package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The integer product is exact on every processor. Those without VNNI have a fast kernel whose
 * 16-bit sums saturate with large weights and activations: it must not be used.
 */
class IntegerProductTest {
  private static final int INPUTS = 333;
  private static final int OUTPUTS = 71;

  @TempDir Path directory;

  @Test
  void equalsThePlainProductWithExtremeValues() throws Exception {
    Random random = new Random(3);
    byte[] weights = new byte[INPUTS * OUTPUTS];
    random.nextBytes(weights);
    for (int i = 0; i < weights.length; i += 3) {
      weights[i] = random.nextBoolean() ? Byte.MAX_VALUE : -127;
    }
    Files.write(directory.resolve("weights.bin"), weights);
    TensorInfo info = new TensorInfo("int8", new long[] {INPUTS, OUTPUTS}, 0, weights.length);
    try (OnnxEnvironment environment = OnnxEnvironment.acquire(2, false);
        LinearSession session = new LinearSession(environment, directory, "w", info);
        NativeRows x = new NativeRows(TensorType.UINT8, INPUTS);
        NativeRows y = new NativeRows(TensorType.INT32, OUTPUTS)) {
      for (int rows = 1; rows <= 33; rows++) {
        byte[] activations = new byte[rows * INPUTS];
        random.nextBytes(activations);
        for (int i = 0; i < activations.length; i += 2) {
          activations[i] = (byte) (random.nextBoolean() ? 255 : 1);
        }
        x.resize(rows);
        y.resize(rows);
        x.put(0, activations, activations.length);
        session.run(x, y);
        int[] actual = new int[rows * OUTPUTS];
        y.get(0, actual, actual.length);
        assertThat(actual).isEqualTo(product(activations, weights, rows));
      }
    }
  }

  private static int[] product(byte[] x, byte[] w, int rows) {
    int[] y = new int[rows * OUTPUTS];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < INPUTS; k++) {
        int activation = (x[row * INPUTS + k] & 0xff) - 128;
        for (int n = 0; n < OUTPUTS; n++) {
          y[row * OUTPUTS + n] += activation * w[k * OUTPUTS + n];
        }
      }
    }
    return y;
  }
}
