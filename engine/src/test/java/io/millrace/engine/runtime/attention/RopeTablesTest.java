package io.millrace.engine.runtime.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import org.junit.jupiter.api.Test;

class RopeTablesTest {
  private final RopeTables tables = new RopeTables(config());

  @Test
  void shouldKeepATableForItsAlpha() {
    RopeTable one = tables.of(1);
    RopeTable three = tables.of(3);

    assertThat(three).isNotSameAs(one);
    assertThat(three.alpha()).isEqualTo(3);
    assertThat(tables.of(1)).isSameAs(one);
    assertThat(tables.of(3)).isSameAs(three);
  }

  @Test
  void shouldDropTheLeastRecentlyUsed() {
    RopeTable first = tables.of(1);
    RopeTable second = tables.of(2);
    for (int alpha = 3; alpha <= RopeTables.MOST; alpha++) {
      tables.of(alpha);
    }
    assertThat(tables.of(1)).isSameAs(first);

    tables.of(RopeTables.MOST + 1);

    assertThat(tables.of(1)).isSameAs(first);
    assertThat(tables.of(2)).isNotSameAs(second);
  }

  private static ModelConfig config() {
    return new ModelConfig(
        Family.QWEN2, 8, 1, 2, 1, 4, 8, 16, 64, 1e-6, 1e4, true, false, true, false, false, 64);
  }
}
