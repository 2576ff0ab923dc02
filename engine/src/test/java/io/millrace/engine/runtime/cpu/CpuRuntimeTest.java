package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeOptions;
import io.millrace.engine.runtime.StepBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuRuntimeTest {
  @TempDir Path directory;

  private PreparedModel model;

  @BeforeEach
  void prepare() throws IOException {
    model = Golden.read("qwen2").prepare(Precision.INT8, directory);
  }

  private static StepBatch batch(int[] tokens, int past, int[] blocks, int... logitRows) {
    return new StepBatch(
        1,
        tokens,
        new int[] {0, tokens.length},
        new int[] {past},
        new int[][] {blocks},
        new float[] {1},
        logitRows);
  }

  @Test
  void shouldRefuseStepsThatWouldTouchForeignMemory() {
    try (CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(1 << 20), 16)) {
      int[] one = {1};
      assertThatThrownBy(() -> runtime.step(batch(new int[] {320}, 0, one, 0)))
          .hasMessageContaining("token id 320 does not exist: ids run from 0 to 319");
      assertThatThrownBy(() -> runtime.step(batch(one, 16, one, 0)))
          .hasMessageContaining("needs 2 blocks but has 1");
      assertThatThrownBy(() -> runtime.step(batch(one, 0, new int[] {runtime.blockCount()}, 0)))
          .hasMessageContaining("block " + runtime.blockCount());
      assertThatThrownBy(() -> runtime.step(batch(one, 0, one, 1)))
          .hasMessageContaining("logitRows");
      assertThatThrownBy(() -> runtime.step(batch(new int[0], 0, one)))
          .hasMessageContaining("0 new tokens");
      StepBatch alpha =
          new StepBatch(
              1, one, new int[] {0, 1}, new int[1], new int[][] {one}, new float[1], new int[0]);
      assertThatThrownBy(() -> runtime.step(alpha)).hasMessageContaining("ropeAlpha");
    }
  }

  @Test
  void shouldGiveLogitsOfTheLatestStepOnly() {
    try (CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(1 << 20), 16)) {
      float[] logits = new float[runtime.logitColumns()];
      assertThatThrownBy(() -> runtime.copyLogits(0, logits))
          .isInstanceOf(IndexOutOfBoundsException.class);
      runtime.step(batch(new int[] {5, 6, 7}, 0, new int[] {2}, 0, 2));
      runtime.copyLogits(1, logits);
      assertThat(logits).doesNotContain(Float.NaN);
      assertThatThrownBy(() -> runtime.copyLogits(2, logits)).hasMessageContaining("2 rows");
      runtime.step(batch(new int[] {8}, 3, new int[] {2}));
      assertThatThrownBy(() -> runtime.copyLogits(0, logits)).hasMessageContaining("0 rows");
    }
  }

  @Test
  void shouldTakeTheKvPoolFromTheOption() {
    // 2 layers, 2 KV heads, K and V of 16 floats, 16 tokens: 8 KiB a block.
    try (CpuRuntime runtime =
        CpuRuntime.open(model, new RuntimeOptions(1, false, KvType.FP32, 10 * 8192 + 1), 16)) {
      assertThat(runtime.blockCount()).isEqualTo(10);
      assertThat(runtime.blockSize()).isEqualTo(16);
    }
    try (CpuRuntime runtime =
        CpuRuntime.open(model, new RuntimeOptions(1, false, KvType.BF16, 10 * 8192 + 1), 16)) {
      assertThat(runtime.blockCount()).isEqualTo(20);
    }
    assertThatThrownBy(() -> CpuRuntime.open(model, RuntimeOptions.withKvCache(8191), 16))
        .hasMessageContaining("The KV cache of 8191 bytes (engine.kv-cache-size) is too small")
        .hasMessageContaining("8192 bytes");
    assertThatThrownBy(() -> CpuRuntime.open(model, RuntimeOptions.withKvCache(1 << 20), 24))
        .hasMessageContaining("blockSize is 24: use 16 or 32");
  }

  @Test
  void shouldCloseTwiceAndThenRefuseSteps() {
    CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(1 << 20), 16);
    runtime.close();
    runtime.close();
    assertThatThrownBy(() -> runtime.step(batch(new int[] {1}, 0, new int[] {1}, 0)))
        .hasMessageContaining("closed");
  }

  @Test
  void shouldNameWhatItCannotLoad() throws IOException {
    Files.delete(model.weightsFile());
    Files.createDirectory(model.weightsFile());
    assertThatThrownBy(() -> CpuRuntime.open(model, RuntimeOptions.withKvCache(1 << 20), 16))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(model.weightsFile().toString());
  }
}
