package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.prepare.CheckpointConverter;
import io.millrace.engine.prepare.GoldenCheckpoints;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedModelTest {

  @TempDir private Path directory;
  private Path model;

  @BeforeEach
  void convert() throws IOException {
    model = directory.resolve("model");
    CheckpointConverter.convert(
        GoldenCheckpoints.path("qwen2"), Precision.INT8, model, ProgressListener.NONE);
  }

  @Test
  void shouldGiveReadOnlyTensors() throws IOException {
    PreparedModel opened = PreparedModel.open(model);
    assertThat(opened.weightsFile()).isRegularFile();
    assertThat(opened.tensor("embed.weight").isReadOnly()).isTrue();
    assertThat(opened.floats("norm.weight")).hasSize(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> opened.tensor("nothing"))
        .withMessageContaining("qwen2 has no tensor nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> opened.floats("embed.weight"))
        .withMessageContaining("int8");
  }

  @Test
  void shouldDescribeTheModel() throws IOException {
    ModelDescription description = ModelDescription.of(PreparedModel.open(model).manifest());
    assertThat(description.parameters()).isEqualTo(94784);
    assertThat(description.kvBytesPerToken()).isEqualTo(2 * 4 * 2 * 2 * 16);
    assertThat(description.weightBytes())
        .isEqualTo(Files.size(model.resolve(Manifest.WEIGHTS_FILE)));
    assertThat(description.toText())
        .containsPattern("family +qwen2")
        .containsPattern("vocabulary +299 ids in 320 rows")
        .contains("You are Qwen");
  }

  @Test
  void shouldBeAnotherModelWhenItsWeightsAreReadInAnotherWay() throws IOException {
    PreparedModel own = PreparedModel.open(model);
    PreparedModel reaching = own.reaching(true, false, 128, 1024);
    assertThat(reaching.config().dynamicNtk()).isTrue();
    assertThat(reaching.config().lognAttention()).isFalse();
    assertThat(reaching.config().trainedLength()).isEqualTo(128);
    assertThat(reaching.config().maxPositions()).isEqualTo(1024);
    assertThat(reaching.floats("norm.weight")).isEqualTo(own.floats("norm.weight"));
    assertThat(reaching.manifest().fingerprint()).isNotEqualTo(own.manifest().fingerprint());
    reaching.verify(ProgressListener.NONE);
    ModelConfig c = own.config();
    ModelConfig back =
        reaching
            .reaching(c.dynamicNtk(), c.lognAttention(), c.trainedLength(), c.maxPositions())
            .config();
    assertThat(back).isEqualTo(c);
  }

  @Test
  void shouldRefuseAnotherVersion() throws IOException {
    change(json -> json.put("version", 2));
    refuses("version 2, this Millrace reads 1");
  }

  @Test
  void shouldRefuseAnUnknownPrecisionOrField() throws IOException {
    change(json -> json.put("precision", "int3"));
    refuses("manifest.json", "int3", "int8");
    change(json -> json.put("precision", "int8").put("colour", "blue"));
    refuses("colour");
  }

  @Test
  void shouldRefuseMissingFields() throws IOException {
    change(json -> json.remove("tensors"));
    refuses("the field tensors is missing");
  }

  @Test
  void shouldRefuseTensorsOutsideTheirPlaces() throws IOException {
    change(json -> tensor(json, "norm.weight").put("offset", 1L << 40));
    refuses("tensor norm.weight is float32[64] at 1099511627776", "calls for float32[64] at");
  }

  @Test
  void shouldRefuseAMissingTensor() throws IOException {
    change(json -> ((ObjectNode) json.get("tensors")).remove("norm.weight"));
    refuses("tensor norm.weight is missing");
  }

  @Test
  void shouldRefuseImpossibleSizes() throws IOException {
    change(json -> ((ObjectNode) json.get("config")).put("kvHeads", 0));
    refuses("the sizes of config are not possible");
  }

  @Test
  void shouldRefuseATruncatedWeightsFile() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(weights(), "rw")) {
      file.setLength(file.length() - 1);
    }
    refuses("weights.bin has 184319 bytes, the manifest needs 184320");
    Files.delete(model.resolve(Manifest.WEIGHTS_FILE));
    refuses("weights.bin is missing");
  }

  @Test
  void shouldRefuseATokenizerFileOutsideItsDirectory() throws IOException {
    change(json -> ((ObjectNode) json.get("tokenizer")).put("file", "../ranks"));
    refuses("\"../ranks\"", "plain file name");
    change(json -> ((ObjectNode) json.get("tokenizer")).put("file", "ranks"));
    refuses("names the tokenizer file ranks, which is missing");
  }

  @Test
  void shouldFindDamagedWeights() throws IOException {
    PreparedModel opened = PreparedModel.open(model);
    opened.verify(ProgressListener.NONE);
    try (RandomAccessFile file = new RandomAccessFile(weights(), "rw")) {
      file.seek(100);
      file.write(file.read() ^ 1);
    }
    refuses(() -> opened.verify(ProgressListener.NONE), "changed or damaged");
  }

  @Test
  void shouldRefuseADirectoryWithoutManifest() {
    refuses(() -> PreparedModel.open(directory), "has no manifest.json");
  }

  private String weights() {
    return model.resolve(Manifest.WEIGHTS_FILE).toString();
  }

  private static ObjectNode tensor(ObjectNode manifest, String name) {
    return (ObjectNode) manifest.get("tensors").get(name);
  }

  private void change(Consumer<ObjectNode> change) throws IOException {
    Path file = model.resolve(Manifest.FILE);
    ObjectNode json = JsonFiles.readObject(file);
    change.accept(json);
    Files.writeString(file, json.toString());
  }

  private void refuses(String... parts) {
    refuses(() -> PreparedModel.open(model), parts);
  }

  private static void refuses(ThrowingCallable call, String... parts) {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }
}
