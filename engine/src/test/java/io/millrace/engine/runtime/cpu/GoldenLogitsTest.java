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

/** fp32 agrees with the reference implementations, in logits and token for token. */
class GoldenLogitsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"llama", "qwen2", "qwen3", "qwen"})
  void shouldAgreeWithTheReference(String family) throws Exception {
    Golden golden = Golden.read(family);
    PreparedModel model = golden.prepare(Precision.FP32, directory);
    try (CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(4 << 20), 16)) {
      for (Golden.Run run : golden.runs()) {
        TestDriver driver = new TestDriver(runtime, model.config(), golden.vocabularySize(), 1);
        TestSequence sequence = driver.sequence(run.prompt());
        float[] logits = driver.step(List.of(sequence), run.prompt().length)[0];
        assertClose(logits, run.first(), "after the prompt of " + run.prompt().length);
        for (int i = 0; i < run.greedy().length; i++) {
          int id = driver.greedy(logits);
          assertThat(id)
              .as("greedy id %d after %d ids", i, run.prompt().length)
              .isEqualTo(run.greedy()[i]);
          if (i == run.greedy().length - 1) {
            assertClose(logits, run.last(), "of the last step after " + run.prompt().length);
          }
          sequence.append(id);
          logits = driver.step(List.of(sequence), 1)[0];
        }
      }
    }
  }

  private static void assertClose(float[] actual, float[] expected, String what) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    assertThat(worst).as("largest difference of logits %s", what).isLessThan(1e-3);
  }
}
