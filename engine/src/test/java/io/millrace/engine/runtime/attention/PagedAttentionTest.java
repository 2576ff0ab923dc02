package io.millrace.engine.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.runtime.KvType;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attention over a dirty pool against a plain one in double precision, and against itself. */
class PagedAttentionTest {
  private static final int SEGMENT = 256;

  @ParameterizedTest
  @CsvSource({
    "4, 4, 16, 16, FP32",
    "4, 2, 16, 32, FP32",
    "14, 2, 64, 16, FP32",
    "14, 2, 64, 32, FP32",
    "6, 2, 8, 16, FP32",
    "5, 1, 24, 32, FP32",
    "2, 2, 128, 16, FP32",
    "64, 1, 16, 16, FP32",
    "4, 4, 16, 16, BF16",
    "14, 2, 64, 16, BF16",
    "14, 2, 64, 32, BF16",
    "5, 1, 24, 32, BF16"
  })
  void shouldAgreeWithDoubleWhateverTheUnusedSlotsHold(
      int heads, int kvHeads, int dim, int blockSize, KvType type) {
    int past = 141;
    int tokens = 23;
    AttentionCase attention =
        new AttentionCase(heads, kvHeads, dim, type, blockSize, past + tokens);
    agreesWithDouble(attention, attention.run(1024, 1, past, tokens), past, tokens);
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void shouldAgreeWithDoubleOverManySegments(KvType type) {
    int past = 5 * SEGMENT - 3;
    AttentionCase attention = new AttentionCase(14, 2, 64, type, 16, past + 9);
    agreesWithDouble(attention, attention.run(SEGMENT, 3, past, 9), past, 9);
  }

  private static void agreesWithDouble(AttentionCase attention, float[] out, int past, int tokens) {
    for (int t = 0; t < tokens; t++) {
      for (int head = 0; head < attention.heads(); head++) {
        double[] expected = attention.reference(past + t, head);
        for (int d = 0; d < expected.length; d++) {
          float actual = out[(t * attention.heads() + head) * expected.length + d];
          assertThat((double) actual).isCloseTo(expected[d], within(2e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"14, 2, 64, FP32", "14, 2, 64, BF16", "4, 4, 32, FP32", "10, 2, 16, BF16"})
  void shouldGiveTheSameBitsForAnyWorkersAndChunks(int heads, int kvHeads, int dim, KvType type) {
    int length = 4 * SEGMENT + 37;
    AttentionCase attention = new AttentionCase(heads, kvHeads, dim, type, 16, length);
    float[] whole = attention.run(SEGMENT, 1, 0, length);
    assertThat(attention.run(SEGMENT, 4, 0, length)).isEqualTo(whole);
    int width = heads * dim;
    int last = length - 70;
    // One token at a time: with several workers its segments are computed apart.
    for (int position = last; position < length; position++) {
      for (int workers : new int[] {1, 2, 8}) {
        float[] one = attention.run(SEGMENT, workers, position, 1);
        assertThat(one).containsExactly(row(whole, position, width));
      }
    }
    // Chunks that end on both sides of a segment's border.
    for (int from : new int[] {SEGMENT - 5, 2 * SEGMENT - 1, 2 * SEGMENT, 3 * SEGMENT + 1}) {
      float[] chunk = attention.run(SEGMENT, 4, from, 11);
      for (int t = 0; t < 11; t++) {
        assertThat(row(chunk, t, width)).containsExactly(row(whole, from + t, width));
      }
    }
  }

  private static float[] row(float[] all, int row, int width) {
    return Arrays.copyOfRange(all, row * width, (row + 1) * width);
  }
}
