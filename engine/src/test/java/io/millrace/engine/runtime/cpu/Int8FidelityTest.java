package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.RuntimeOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * int8 stays within 8 percent of the reference logits, as root mean squares over all prompts. The
 * golden models are noise, which quantises worst: nothing in them is redundant.
 */
class Int8FidelityTest {
  private static final double BOUND = 0.08;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2", "llama", "qwen3", "qwen"})
  void staysNearTheReference(String family) throws Exception {
    Golden golden = Golden.read(family);
    PreparedModel model = golden.prepare(Precision.INT8, directory);
    double error = 0;
    double size = 0;
    try (CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(4 << 20))) {
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
    assertThat(Math.sqrt(error / size)).as("relative error of the logits").isLessThan(BOUND);
  }
}
