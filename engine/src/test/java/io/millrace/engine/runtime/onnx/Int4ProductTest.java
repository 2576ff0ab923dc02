package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.Int4Layout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The 4-bit product is right, and a row's is the same bits whatever the number of rows. */
class Int4ProductTest {
  private static final int BLOCK = Int4Layout.BLOCK;
  private static final int MOST_ROWS = 40;

  private final Random random = new Random(17);

  @ParameterizedTest
  @CsvSource({"896, 72", "336, 71", "48, 130", "1024, 16"})
  void shouldGiveTheSameBitsBesideNeighbours(int inputs, int outputs) {
    byte[] halves = new byte[outputs * Int4Layout.blocks(inputs) * BLOCK / 2];
    random.nextBytes(halves);
    float[] scales = gaussians(outputs * Int4Layout.blocks(inputs), 0.01f);
    float[] activations = gaussians(MOST_ROWS * inputs, 2);
    LinearWeights weights = new LinearWeights(WeightFormat.INT4, inputs, outputs);
    weights.buffer().put(halves);
    ByteBuffer into = weights.scales();
    for (float scale : scales) {
      into.putFloat(scale);
    }
    try (OnnxEnvironment environment = OnnxEnvironment.acquire();
        LinearSession session = new LinearSession(environment, "w", weights)) {
      float[] all = run(session, activations, MOST_ROWS);
      assertRight(all, activations, halves, scales, inputs, outputs);
      for (int rows = WeightFormat.INT4.minRows(); rows < MOST_ROWS; rows++) {
        assertThat(run(session, activations, rows))
            .as("products of %d rows", rows)
            .isEqualTo(Arrays.copyOf(all, rows * outputs));
      }
    }
  }

  private float[] gaussians(int n, float size) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = size * (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] run(LinearSession session, float[] activations, int rows) {
    try (NativeRows x = new NativeRows(TensorType.FLOAT, session.inputs());
        NativeRows y = new NativeRows(TensorType.FLOAT, session.outputs())) {
      x.resize(rows);
      y.resize(rows);
      x.put(0, activations, 0, rows * session.inputs());
      session.run(x, y);
      float[] products = new float[rows * session.outputs()];
      y.get(0, products, 0, products.length);
      return products;
    }
  }

  /** Activations are rounded to 8 bits by blocks, so the products are near the exact ones. */
  private static void assertRight(
      float[] actual, float[] x, byte[] halves, float[] scales, int inputs, int outputs) {
    int blocks = Int4Layout.blocks(inputs);
    double error = 0;
    double size = 0;
    for (int row = 0; row < MOST_ROWS; row++) {
      for (int out = 0; out < outputs; out++) {
        double exact = 0;
        for (int k = 0; k < inputs; k++) {
          int at = out * blocks * BLOCK + k;
          int q = halves[at / 2] >> (at % 2 * 4) & 15;
          exact += x[row * inputs + k] * (q - 8.0) * scales[out * blocks + k / BLOCK];
        }
        error += Math.pow(actual[row * outputs + out] - exact, 2);
        size += exact * exact;
      }
    }
    assertThat(Math.sqrt(error / size)).isCloseTo(0.005, within(0.003));
  }
}
