package io.millrace.engine.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector kernels give the bits of the scalar ones, tails included. */
class KernelBitsTest {
  private final Random random = new Random(7);
  private final float[] lanes = new float[Lanes.COUNT];

  private float[] gaussians(int n, double scale) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 15, 16, 17, 31, 64, 100, 896, 4865})
  void rowKernelsAgree(int n) {
    float[] x = gaussians(n + 3, 5);
    assertThat(VectorRows.sumOfSquares(x, 3, n)).isEqualTo(ScalarRows.sumOfSquares(x, 3, n));
    float max = ScalarRows.maxAbs(x, 3, n);
    assertThat(VectorRows.maxAbs(x, 3, n)).isEqualTo(max);

    byte[] vectorBytes = new byte[n];
    byte[] scalarBytes = new byte[n];
    VectorRows.quantise(x, 3, n, 127f / max, vectorBytes);
    ScalarRows.quantise(x, 3, n, 127f / max, scalarBytes);
    assertThat(vectorBytes).isEqualTo(scalarBytes);

    float[] vector = new float[n];
    float[] scalar = new float[n];
    int[] products = random.ints(n, -40_000_000, 40_000_000).toArray();
    float[] columns = gaussians(n, 0.01);
    VectorRows.rescale(products, n, 0.0123f, columns, vector);
    ScalarRows.rescale(products, n, 0.0123f, columns, scalar);
    assertThat(vector).isEqualTo(scalar);

    float[] sum = gaussians(n + 2, 1);
    float[] scalarSum = sum.clone();
    VectorRows.rescaleAdd(products, n, 0.0123f, columns, sum, 2);
    ScalarRows.rescaleAddFrom(0, products, n, 0.0123f, columns, scalarSum, 2);
    assertThat(sum).isEqualTo(scalarSum);

    int[] halves = random.ints(2 * n, -40_000_000, 40_000_000).toArray();
    float[] halfColumns = gaussians(2 * n, 0.001);
    VectorRows.rescaleSiluMultiply(halves, n, 0.0123f, halfColumns, vector);
    ScalarRows.rescaleSiluMultiplyFrom(0, halves, n, 0.0123f, halfColumns, scalar);
    assertThat(vector).isEqualTo(scalar);

    float[] gateUp = gaussians(2 * n, 40);
    VectorRows.siluMultiply(gateUp, n, vector);
    ScalarRows.siluMultiply(gateUp, n, scalar);
    assertThat(vector).isEqualTo(scalar);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 16",
    "4, 16, 16",
    "1, 64, 16",
    "4, 64, 16",
    "4, 64, 32",
    "1, 128, 32",
    "4, 24, 16",
    "1, 40, 32"
  })
  void attentionKernelsAgree(int rows, int dim, int tokens) {
    int stride = 128;
    float[] q = gaussians(rows * dim + 5, 1);
    float[] kv = gaussians(tokens * dim + 9, 1);
    float[] vector = new float[rows * stride];
    float[] scalar = new float[rows * stride];
    VectorAttention.scores(rows, q, 5, dim, kv, 9, tokens, vector, 0, stride);
    ScalarAttention.scores(rows, q, 5, dim, kv, 9, tokens, scalar, 0, stride);
    assertThat(vector).isEqualTo(scalar);

    assertThat(VectorAttention.max(vector, 0, tokens, -1f))
        .isEqualTo(ScalarAttention.max(scalar, 0, tokens, -1f));
    scalar[3] = vector[3] = Float.NEGATIVE_INFINITY;
    assertThat(VectorAttention.expSum(vector, 0, tokens, 1.5f, lanes))
        .isEqualTo(ScalarAttention.expSum(scalar, 0, tokens, 1.5f, new float[Lanes.COUNT]));
    assertThat(vector).isEqualTo(scalar);
    assertThat(vector[3]).isZero();

    float[] vectorOut = gaussians(rows * dim, 1);
    float[] scalarOut = vectorOut.clone();
    VectorAttention.accumulate(rows, vector, 0, stride, kv, 9, tokens - 3, vectorOut, 0, dim);
    ScalarAttention.accumulate(rows, vector, 0, stride, kv, 9, tokens - 3, scalarOut, 0, dim);
    assertThat(vectorOut).isEqualTo(scalarOut);
  }

  @Test
  void exponentialIsAccurateAndEndsInZero() {
    for (float x = -86.9f; x < 88f; x += 0.0137f) {
      double exact = Math.exp(x);
      assertThat((ScalarExp.exp(x) - exact) / exact).isCloseTo(0, within(2e-7));
    }
    assertThat(ScalarExp.exp(0f)).isEqualTo(1f);
    assertThat(ScalarExp.exp(-87.1f)).isZero();
    assertThat(ScalarExp.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(ScalarExp.exp(1000f)).isEqualTo(ScalarExp.exp(88f));
    assertThat(ScalarExp.exp(Float.NaN)).isNaN();
  }

  @Test
  void quantisesTheLargestToTheEndsAndZeroToTheZeroPoint() {
    byte[] bytes = new byte[4];
    float scale = RowKernels.quantise(new float[] {-3f, 0f, 3f, 1f}, 0, 4, bytes);
    assertThat(bytes).containsExactly((byte) 1, (byte) 128, (byte) 255, (byte) 170);
    assertThat(scale).isEqualTo(3f / 127f);

    assertThat(RowKernels.quantise(new float[] {0f, -0f, 1e-40f, 0f}, 0, 4, bytes)).isZero();
    assertThat(bytes).containsOnly((byte) 128);
  }

  @Test
  void aNanInARowReachesItsScale() {
    assertThat(RowKernels.quantise(new float[] {1f, Float.NaN}, 0, 2, new byte[2])).isNaN();
  }
}
