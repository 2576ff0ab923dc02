package io.millrace.engine.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.runtime.RuntimeFailureException;
import org.junit.jupiter.api.Test;

class NativeRowsTest {
  private static final int COLUMNS = 1 << 20;

  @Test
  void shouldNameTheSettingThatMakesAStepTooLargeAndGoOn() {
    try (NativeRows rows = new NativeRows(TensorType.FLOAT, COLUMNS)) {
      rows.resize(1);
      rows.put(0, new float[] {7}, 0, 1);
      assertThatThrownBy(() -> rows.resize(512))
          .isInstanceOf(RuntimeFailureException.class)
          .hasMessageContaining("512 rows of 1048576 columns")
          .hasMessageContaining("lower engine.max-batch-tokens");
      rows.resize(1);
      float[] kept = new float[1];
      rows.get(0, kept, 0, 1);
      assertThat(kept).containsExactly(7);
    }
  }
}
