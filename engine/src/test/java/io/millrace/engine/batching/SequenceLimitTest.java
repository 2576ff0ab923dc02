package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import org.junit.jupiter.api.Test;

class SequenceLimitTest {

  @Test
  void shouldTakeTheModelsLengthAsFarAsThePoolHoldsIt() {
    assertThat(SequenceLimit.of(0, config(false), 5000)).isEqualTo(1000);
    assertThat(SequenceLimit.of(0, config(false), 400)).isEqualTo(400);
    assertThat(SequenceLimit.of(300, config(false), 400)).isEqualTo(300);
  }

  @Test
  void shouldGoBeyondTheModelsLengthOnlyWithDynamicNtk() {
    assertThat(SequenceLimit.of(2000, config(true), 5000)).isEqualTo(2000);
    assertThatThrownBy(() -> SequenceLimit.of(2000, config(false), 5000))
        .hasMessageContaining("engine.max-sequence-length is 2000")
        .hasMessageContaining("1000 positions");
  }

  @Test
  void shouldNameThePoolsSettingWhereItIsTooSmall() {
    assertThatThrownBy(() -> SequenceLimit.of(500, config(false), 400))
        .hasMessageContaining("holds only 400 tokens")
        .hasMessageContaining("engine.kv-cache-size");
    assertThatThrownBy(() -> SequenceLimit.of(-1, config(false), 400))
        .hasMessageContaining("engine.max-sequence-length is -1");
  }

  private static ModelConfig config(boolean dynamicNtk) {
    return new ModelConfig(
        Family.QWEN,
        8,
        1,
        1,
        1,
        8,
        8,
        100,
        1000,
        1e-6,
        1e4,
        true,
        false,
        false,
        dynamicNtk,
        false,
        1000);
  }
}
