package io.millrace.engine.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.ProgressListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints with something wrong are refused by name, and leave nothing behind. */
class BrokenCheckpointTest {

  private static final String INDEX = "model.safetensors.index.json";

  @TempDir private Path directory;
  private Path checkpoint;

  @BeforeEach
  void copyCheckpoint() throws IOException {
    checkpoint = Files.createDirectory(directory.resolve("checkpoint"));
    try (Stream<Path> files = Files.list(GoldenCheckpoints.path("qwen2"))) {
      for (Path file : files.toList()) {
        Files.copy(file, checkpoint.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void shouldNameAMissingFile() throws IOException {
    Files.delete(checkpoint.resolve("model-00002-of-00002.safetensors"));
    refuses("model-00002-of-00002.safetensors is missing");
  }

  @Test
  void shouldNameAMissingTensorThatTheIndexPromises() throws IOException {
    change(INDEX, json -> map(json).put("extra", "model-00001-of-00002.safetensors"));
    refuses("holds tensor extra, but it does not");
  }

  @Test
  void shouldKeepTheIndexInItsDirectory() throws IOException {
    change(INDEX, json -> map(json).put("model.norm.weight", "../secret.safetensors"));
    refuses("\"../secret.safetensors\"", "plain file name");
  }

  @Test
  void shouldNameAMissingTensor() throws IOException {
    change(INDEX, json -> map(json).remove("model.layers.1.self_attn.k_proj.bias"));
    refuses("has no tensor model.layers.1.self_attn.k_proj.bias");
  }

  @Test
  void shouldNameATensorOfAnotherShape() throws IOException {
    change("config.json", json -> json.put("intermediate_size", 96));
    refuses("tensor model.layers.0.mlp.gate_proj.weight is 128 x 64", "96 x 64");
  }

  @Test
  void shouldRefuseATensorThatWouldGoUnused() throws IOException {
    change("config.json", json -> json.put("model_type", "llama"));
    refuses("6 tensors that a LLAMA model does not use", "self_attn.k_proj.bias");
  }

  @Test
  void shouldNameATensorThatLiesInTwoFiles() throws IOException {
    Files.delete(checkpoint.resolve(INDEX));
    Files.copy(
        checkpoint.resolve("model-00001-of-00002.safetensors"),
        checkpoint.resolve("model-00003.safetensors"));
    refuses("is in both");
  }

  @Test
  void shouldNeedNoIndex() throws IOException {
    Path indexed = directory.resolve("indexed");
    CheckpointConverter.convert(checkpoint, Precision.FP32, indexed, ProgressListener.NONE);
    Files.delete(checkpoint.resolve(INDEX));
    Path plain = directory.resolve("plain");
    CheckpointConverter.convert(checkpoint, Precision.FP32, plain, ProgressListener.NONE);
    assertThat(plain.resolve(Manifest.WEIGHTS_FILE))
        .hasSameBinaryContentAs(indexed.resolve(Manifest.WEIGHTS_FILE));
  }

  @Test
  void shouldNameAWeightThatIsNotANumber() throws IOException {
    Path file = checkpoint.resolve("model-00002-of-00002.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    // The last tensor of the file is model.norm.weight, in bfloat16.
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(bytes.length - 2, (short) 0x7fc0);
    Files.write(file, bytes);
    refuses("norm.weight holds an infinite value or NaN");
  }

  @Test
  void shouldNameAStopIdOutsideTheVocabulary() throws IOException {
    change("generation_config.json", json -> json.put("eos_token_id", 320));
    refuses("generation_config.json: eos_token_id 320");
  }

  @Test
  void shouldAskForSafetensors() throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.filter(f -> f.toString().contains("safetensors")).toList()) {
        Files.delete(file);
      }
    }
    refuses("has no *.safetensors file");
  }

  private void refuses(String... parts) throws IOException {
    Path out = directory.resolve("out");
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(
            () ->
                CheckpointConverter.convert(checkpoint, Precision.INT8, out, ProgressListener.NONE))
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.toList()).isEqualTo(List.of(checkpoint));
    }
  }

  private static ObjectNode map(ObjectNode index) {
    return (ObjectNode) index.get("weight_map");
  }

  private void change(String name, Consumer<ObjectNode> change) throws IOException {
    Path file = checkpoint.resolve(name);
    ObjectNode json = JsonFiles.readObject(file);
    change.accept(json);
    Files.writeString(file, json.toString());
  }
}
