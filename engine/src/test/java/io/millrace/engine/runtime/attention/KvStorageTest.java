package io.millrace.engine.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.kernel.Bfloat16;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KvStorageTest {
  private final ModelConfig config = AttentionCase.config(4, 2, 24);

  /** Elements of a block of one layer: 2 heads, 16 tokens, keys of 24 and values of 32. */
  private static final int BLOCK = 2 * 16 * (24 + 32);

  @Test
  void shouldHalveABlockInBf16() {
    assertThat(KvStorage.blockBytes(config, KvType.FP32, 16)).isEqualTo(BLOCK * 4);
    assertThat(KvStorage.blockBytes(config, KvType.BF16, 16)).isEqualTo(BLOCK * 2);
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void shouldSpreadALayerOverArraysWithoutOverlap(KvType type) {
    long bytes = 7 * KvStorage.blockBytes(config, type, 16) + 1;
    KvStorage pool = new KvStorage(config, type, 16, bytes, 3 * BLOCK);
    assertThat(pool.blockCount()).isEqualTo(7);
    float[] qkv = new float[48];
    for (int i = 0; i < 7 * 16 * 2; i++) {
      for (int d = 0; d < 24; d++) {
        // Small integers are exact in both formats.
        qkv[d] = (i + d) % 251;
        qkv[24 + d] = -((i + d) % 251);
      }
      pool.store(0, i / 32, i / 2 % 16, i % 2, qkv, 0, 24);
    }
    for (int i = 0; i < 7 * 16 * 2; i++) {
      int key = pool.keys(i / 32, i % 2) + i / 2 % 16;
      int value = pool.values(i / 32, i % 2) + i / 2 % 16 * 16;
      for (int d = 0; d < 24; d++) {
        assertThat(element(pool, i / 32, key + d * 16)).isEqualTo((i + d) % 251);
        assertThat(element(pool, i / 32, value + d / 16 * 256 + d % 16))
            .isEqualTo(-((i + d) % 251));
      }
    }
  }

  private static float element(KvStorage pool, int block, int index) {
    if (pool.type() == KvType.FP32) {
      return pool.floats(0, block)[index];
    }
    return Bfloat16.toFloat(pool.halves(0, block)[index]);
  }
}
