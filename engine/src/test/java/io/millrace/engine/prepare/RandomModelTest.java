package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.model.Weight;
import io.millrace.engine.model.WeightsLayout;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomModelTest {

  private static final ModelConfig SMALL =
      new ModelConfig(
          Family.QWEN2,
          64,
          2,
          4,
          2,
          16,
          96,
          1000,
          512,
          1e-6,
          1e4,
          true,
          false,
          true,
          false,
          false,
          512);

  @TempDir private Path directory;

  @Test
  void shouldMakeTheSameBytesOnEveryMachine() throws IOException {
    // From src/test/golden/random_model.py, which makes the same model with numpy.
    assertThat(write(Precision.INT8, "a").fingerprint())
        .isEqualTo("f8152fcda916337d1b7c51188c760a84cf1fc334970886e2e1519c074fc784fa");
    assertThat(write(Precision.FP32, "b").fingerprint())
        .isEqualTo("cd920ce2f8e1afc8420910c5bb809a129c059bfce8056636b316310b998265fa");
    assertThat(write(Precision.INT4, "c").fingerprint())
        .isEqualTo("bea889275af9dfad2aa29fa8ebc4771e3be9e09d77c6b39c08f7ab39f48b27d2");
  }

  @Test
  void shouldDrawEveryWeightWithTheSpreadOfItsLayer() throws IOException {
    write(Precision.FP32, "a");
    PreparedModel model = PreparedModel.open(directory.resolve("a"));
    for (Weight weight : WeightsLayout.weights(SMALL)) {
      float[] values = model.floats(weight.name());
      double mean = mean(values);
      double spread = Math.sqrt(mean(squares(values, mean)));
      boolean vocabulary =
          weight.name().equals("embed.weight") || weight.name().equals("head.weight");
      double expected =
          weight.kind() == Weight.Kind.VECTOR
              ? 0.1 / Math.sqrt(3)
              : (vocabulary ? 1.5 : 1) / Math.sqrt(weight.columns());
      assertThat(spread).as(weight.name()).isCloseTo(expected, within(0.2 * expected));
      assertThat(mean)
          .as(weight.name())
          .isCloseTo(
              weight.name().contains("norm") ? 1 : 0,
              within(4 * expected / Math.sqrt(values.length)));
    }
    assertThat(model.floats("layers.0.down.weight"))
        .isNotEqualTo(model.floats("layers.1.down.weight"));
  }

  @Test
  void shouldWorkWithoutTokenizer() throws IOException {
    write(Precision.INT8, "a");
    Manifest manifest = PreparedModel.open(directory.resolve("a")).manifest();
    assertThat(manifest.tokenizer().file()).isNull();
    assertThat(manifest.tokenizer().vocabularySize()).isEqualTo(1000);
    assertThat(manifest.stopIds()).isEmpty();
  }

  @Test
  void shouldTakeTheTokenizerOfACheckpoint() throws IOException {
    Manifest manifest =
        RandomModel.write(
            "small",
            SMALL,
            PrepareOptions.of(Precision.INT8),
            GoldenCheckpoints.path("qwen2"),
            directory.resolve("a"),
            ProgressListener.NONE);
    assertThat(manifest.tokenizer().vocabularySize()).isEqualTo(299);
    assertThat(manifest.stopIds()).containsExactly(298);
    PreparedModel.open(directory.resolve("a"));
  }

  @Test
  void shouldNameTheShapesItKnows() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RandomModel.write(
                    "gpt", Precision.INT8, directory.resolve("a"), ProgressListener.NONE))
        .withMessageContaining("gpt")
        .withMessageContaining("qwen2.5-0.5b");
  }

  private Manifest write(Precision precision, String name) throws IOException {
    return RandomModel.write(
        "small",
        SMALL,
        PrepareOptions.of(precision),
        null,
        directory.resolve(name),
        ProgressListener.NONE);
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static float[] squares(float[] values, double mean) {
    float[] squares = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = (float) ((values[i] - mean) * (values[i] - mean));
    }
    return squares;
  }
}
