package io.millrace.engine.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
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
  void shouldAgreeOnRowKernels(int n) {
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
    "1, 16, 16, 1",
    "4, 16, 16, 4",
    "4, 24, 16, 3",
    "1, 64, 16, 2",
    "4, 64, 32, 2",
    "4, 64, 16, 4",
    "4, 128, 32, 1",
    "1, 40, 32, 2"
  })
  void shouldAgreeOnAttentionKernels(int rows, int dim, int size, int blocks) {
    int padded = (dim + 15) / 16 * 16;
    int stride = 128;
    int n = blocks * size;
    float[] q = gaussians(4 * dim + 5, 1);
    float[] kv = gaussians(2 * n * padded + 9, 1);
    // Blocks lie apart and in another order.
    int[] starts =
        IntStream.range(0, blocks).map(b -> 9 + 2 * (blocks - 1 - b) * size * padded).toArray();
    float[] vector = new float[rows * stride];
    float[] scalar = new float[rows * stride];
    vectorScores(rows, q, dim, kv, starts, blocks, size, vector, stride);
    ScalarAttention.scores(rows, q, 5, dim, kv, starts, blocks, size, scalar, 0, stride);
    assertThat(vector).isEqualTo(scalar);

    assertThat(VectorSoftmax.max(vector, 0, n, -1f))
        .isEqualTo(ScalarAttention.max(scalar, 0, n, -1f));
    scalar[3] = vector[3] = Float.NEGATIVE_INFINITY;
    for (int r = 0; r < rows; r++) {
      assertThat(VectorSoftmax.expSum(vector, r * stride, n, 1.5f, lanes))
          .isEqualTo(ScalarAttention.expSum(scalar, r * stride, n, 1.5f, new float[Lanes.COUNT]));
    }
    assertThat(vector).isEqualTo(scalar);
    assertThat(vector[3]).isZero();

    float[] vectorOut = gaussians(rows * padded, 1);
    float[] scalarOut = vectorOut.clone();
    int[] at = IntStream.range(0, n).map(t -> starts[t / size] + t % size * 16).toArray();
    vectorValues(rows, vector, stride, kv, at, size, n - 3, vectorOut, padded);
    ScalarAttention.values(rows, scalar, 0, stride, kv, at, size, n - 3, scalarOut, 0, padded);
    assertThat(vectorOut).isEqualTo(scalarOut);
  }

  private static void vectorScores(
      int rows,
      float[] q,
      int dim,
      float[] kv,
      int[] starts,
      int n,
      int size,
      float[] s,
      int stride) {
    switch (rows) {
      case 4 -> VectorScores.four(q, 5, dim, kv, starts, n, size, s, 0, stride);
      default -> VectorScores.one(q, 5, dim, kv, starts, n, size, s, 0, stride);
    }
  }

  private static void vectorValues(
      int rows,
      float[] p,
      int stride,
      float[] kv,
      int[] at,
      int size,
      int n,
      float[] out,
      int dim) {
    switch (rows) {
      case 4 -> VectorValues.four(p, 0, stride, kv, at, size, n, out, 0, dim);
      default -> VectorValues.one(p, 0, stride, kv, at, size, n, out, 0, dim);
    }
  }

  /** C2 inlines hot methods of up to 325 bytes of code (FreqInlineSize). */
  @ParameterizedTest
  @ValueSource(classes = {VectorScores.class, VectorValues.class})
  void shouldNotInlineTheLargeKernels(Class<?> kernels) {
    StringWriter code = new StringWriter();
    String jar = kernels.getProtectionDomain().getCodeSource().getLocation().getPath();
    int status =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(
                new PrintWriter(code),
                new PrintWriter(code),
                "-p",
                "-c",
                "-cp",
                jar,
                kernels.getName());
    assertThat(status).as(code.toString()).isZero();
    Matcher end =
        Pattern.compile("static void four\\(.*?(\\d+): return", Pattern.DOTALL)
            .matcher(code.toString());
    assertThat(end.find()).isTrue();
    assertThat(Integer.parseInt(end.group(1))).isGreaterThan(325);
  }

  @Test
  void shouldComputeAnAccurateExponentialThatEndsInZero() {
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
  void shouldQuantiseTheLargestToTheEndsAndZeroToTheZeroPoint() {
    byte[] bytes = new byte[4];
    float scale = RowKernels.quantise(new float[] {-3f, 0f, 3f, 1f}, 0, 4, bytes);
    assertThat(bytes).containsExactly((byte) 1, (byte) 128, (byte) 255, (byte) 170);
    assertThat(scale).isEqualTo(3f / 127f);

    assertThat(RowKernels.quantise(new float[] {0f, -0f, 1e-40f, 0f}, 0, 4, bytes)).isZero();
    assertThat(bytes).containsOnly((byte) 128);
  }

  @Test
  void shouldCarryANanOfARowIntoItsScale() {
    assertThat(RowKernels.quantise(new float[] {1f, Float.NaN}, 0, 2, new byte[2])).isNaN();
  }
}
