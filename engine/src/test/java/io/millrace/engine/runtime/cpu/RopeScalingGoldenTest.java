package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.model.ProgressListener;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.runtime.RuntimeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every RoPE scaling agrees with transformers, on both sides of the original length. */
class RopeScalingGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path directory;

  static Stream<Arguments> cases() throws IOException {
    List<Arguments> cases = new ArrayList<>();
    for (JsonNode node : JSON.readTree(GOLDEN.resolve("rope/golden.json").toFile())) {
      cases.add(Arguments.of(node.get("name").asText(), node));
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void shouldAgreeWithTheReference(String name, JsonNode golden) throws IOException {
    byte[] data = Files.readAllBytes(GOLDEN.resolve("rope/golden.bin"));
    PreparedModel model = prepare(golden);
    assertThat(model.config().ropeScaling()).isNotNull();
    try (CpuRuntime runtime = CpuRuntime.open(model, RuntimeOptions.withKvCache(4 << 20), 16)) {
      for (JsonNode run : golden.get("prompts")) {
        int[] prompt = ints(run.get("prompt"));
        TestDriver driver = new TestDriver(runtime, model.config(), 299, 1);
        TestSequence sequence = driver.sequence(prompt);
        float[] first = driver.step(List.of(sequence), prompt.length)[0];
        assertClose(first, data, run.get("logits_offset").asInt(), prompt.length);
        int[] forced = ints(run.get("forced"));
        for (int id : forced) {
          sequence.append(id);
        }
        float[] last = driver.step(List.of(sequence), forced.length)[0];
        assertClose(last, data, run.get("final_logits_offset").asInt(), prompt.length);
      }
    }
  }

  private PreparedModel prepare(JsonNode golden) throws IOException {
    Path original = GOLDEN.resolve(golden.get("checkpoint").asText());
    Path checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    try (Stream<Path> files = Files.list(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, checkpoint.resolve(file.getFileName()));
      }
    }
    Path file = checkpoint.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    config.setAll((ObjectNode) golden.get("changes"));
    JSON.writeValue(file.toFile(), config);
    Path out = directory.resolve("model");
    CheckpointConverter.convert(checkpoint, Precision.FP32, out, ProgressListener.NONE);
    return PreparedModel.open(out);
  }

  private static void assertClose(float[] actual, byte[] data, int offset, int promptLength) {
    ByteBuffer expected = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).position(offset);
    double worst = 0;
    for (float value : actual) {
      worst = Math.max(worst, Math.abs((double) value - expected.getFloat()));
    }
    assertThat(worst).as("largest difference after %d ids", promptLength).isLessThan(1e-3);
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }
}
