package io.millrace.engine.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.assembly.PromptLogits;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.KvType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM without the Vector API's module runs the model too, says what it lacks, same bits. */
class ScalarFallbackTest {
  @TempDir Path directory;

  @Test
  void shouldGiveTheSameBitsInAJvmWithoutTheModule() throws Exception {
    Path checkpoint = Path.of(getClass().getResource("/golden/qwen3").toURI());
    Path model = directory.resolve("model");
    CheckpointConverter.convert(checkpoint, Precision.INT8, model, ProgressListener.NONE);

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dlog4j2.level=WARN",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                model.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains(Main.answer(model)).contains("--add-modules jdk.incubator.vector");
  }

  /** What both JVMs run. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) throws IOException {
      System.out.println(answer(Path.of(args[0])));
    }

    static String answer(Path model) throws IOException {
      int[] ids = new int[70];
      Arrays.setAll(ids, i -> i * 7 % 299);
      float[] logits = PromptLogits.of(PreparedModel.open(model), ids, 2, KvType.BF16);
      return "logits " + Arrays.hashCode(logits);
    }
  }
}
