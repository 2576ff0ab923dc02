package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The integer product is exact on every processor. Those without VNNI have a fast kernel whose
 * 16-bit sums saturate with large weights and activations: it must not be used.
 */
class IntegerProductTest {
  private static final int INPUTS = 333;
  private static final int OUTPUTS = 71;

  @Test
  void shouldEqualThePlainProductForExtremeValues() {
    Random random = new Random(3);
    byte[] bytes = new byte[INPUTS * OUTPUTS];
    random.nextBytes(bytes);
    for (int i = 0; i < bytes.length; i += 3) {
      bytes[i] = random.nextBoolean() ? Byte.MAX_VALUE : -127;
    }
    LinearWeights weights = new LinearWeights(WeightFormat.INT8, INPUTS, OUTPUTS);
    weights.buffer().put(bytes);
    try (OnnxEnvironment environment = OnnxEnvironment.acquire();
        LinearSession session = new LinearSession(environment, "w", weights);
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
        y.get(0, actual, 0, actual.length);
        assertThat(actual).isEqualTo(product(activations, bytes, rows));
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
