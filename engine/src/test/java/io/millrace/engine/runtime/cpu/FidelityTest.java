package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.KvType;
import io.millrace.engine.runtime.RuntimeOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How far the logits of rounded weights or rounded KV may be from the reference's, as root mean
 * squares over all prompts. The golden models are noise, which quantises worst: nothing in them is
 * redundant.
 */
class FidelityTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "qwen2, INT8, FP32, 0.08",
    "llama, INT8, FP32, 0.08",
    "qwen3, INT8, FP32, 0.08",
    "qwen, INT8, FP32, 0.08",
    "qwen2, INT4, FP32, 0.45",
    "llama, INT4, FP32, 0.45",
    "qwen3, INT4, FP32, 0.45",
    "qwen, INT4, FP32, 0.45",
    "qwen2, FP32, BF16, 0.008",
    "llama, FP32, BF16, 0.008",
    "qwen3, FP32, BF16, 0.008",
    "qwen, FP32, BF16, 0.008"
  })
  void shouldStayNearTheReference(String family, Precision precision, KvType kvType, double bound)
      throws Exception {
    Golden golden = Golden.read(family);
    PreparedModel model = golden.prepare(precision, directory);
    double error = 0;
    double size = 0;
    try (CpuRuntime runtime =
        CpuRuntime.open(model, new RuntimeOptions(0, false, kvType, 4 << 20), 16)) {
      TestDriver driver = new TestDriver(runtime, model.config(), golden.vocabularySize(), 0);
      for (Golden.Run run : golden.runs()) {
        TestSequence sequence = driver.sequence(run.prompt());
        float[] logits = driver.step(List.of(sequence), run.prompt().length)[0];
        for (int i = 0; i < logits.length; i++) {
          error += Math.pow(logits[i] - run.first()[i], 2);
          size += Math.pow(run.first()[i], 2);
        }
      }
    }
    assertThat(Math.sqrt(error / size)).as("relative error of the logits").isLessThan(bound);
  }
}
