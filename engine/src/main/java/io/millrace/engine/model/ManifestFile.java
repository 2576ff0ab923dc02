package io.millrace.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Reads and writes manifest.json; reading checks everything that later code relies on. */
public final class ManifestFile {

  private ManifestFile() {}

  public static void write(Path directory, Manifest manifest) throws IOException {
    byte[] json = JsonFiles.MAPPER.writeValueAsBytes(manifest);
    Files.write(directory.resolve(Manifest.FILE), json);
  }

  static Manifest read(Path directory) throws IOException {
    Path file = directory.resolve(Manifest.FILE);
    if (!Files.isDirectory(directory)) {
      throw new ModelFormatException("there is no directory " + directory.toAbsolutePath());
    }
    if (!Files.exists(file)) {
      String hint =
          Files.exists(directory.resolve(ModelConfig.CHECKPOINT_FILE))
              ? ": it is a checkpoint, prepare it with `millrace model build`"
              : "";
      throw new ModelFormatException(directory + " has no " + Manifest.FILE + hint);
    }
    ObjectNode json = JsonFiles.readObject(file);
    JsonNode version = json.path("version");
    if (version.asInt(-1) != Manifest.VERSION) {
      throw new ModelFormatException(
          "%s: version %s, this Millrace reads %d: prepare the model again"
              .formatted(file, version, Manifest.VERSION));
    }
    Manifest manifest;
    try {
      manifest = JsonFiles.MAPPER.treeToValue(json, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(file + ": " + e.getOriginalMessage(), e);
    }
    check(file, manifest);
    return manifest;
  }

  private static void check(Path file, Manifest manifest) throws IOException {
    require(file, "config", manifest.config());
    require(file, "precision", manifest.precision());
    require(file, "tokenizer", manifest.tokenizer());
    require(file, "stopIds", manifest.stopIds());
    require(file, "tensors", manifest.tensors());
    require(file, "fingerprint", manifest.fingerprint());
    checkConfig(file, manifest.config());
    checkTokens(file, manifest);
    checkSummaries(file, manifest.summaries());
    checkTensors(file, manifest);
  }

  private static void require(Path file, String field, Object value) throws ModelFormatException {
    if (value == null) {
      throw new ModelFormatException(file + ": the field " + field + " is missing");
    }
  }

  private static void checkConfig(Path file, ModelConfig c) throws ModelFormatException {
    require(file, "config.family", c.family());
    int[] sizes = {
      c.hiddenSize(),
      c.layers(),
      c.heads(),
      c.kvHeads(),
      c.headDim(),
      c.ffnSize(),
      c.vocabularyRows(),
      c.maxPositions(),
      c.trainedLength()
    };
    if (Arrays.stream(sizes).anyMatch(size -> size < 1) || c.heads() % c.kvHeads() != 0) {
      throw new ModelFormatException(file + ": the sizes of config are not possible: " + c);
    }
    RopeScaling scaling = c.ropeScaling();
    if (scaling != null
        && (scaling.type() == null
            || !(scaling.factor() >= 1)
            || scaling.originalLength() < 1
            || !(scaling.attentionFactor() > 0))) {
      throw new ModelFormatException(file + ": config.ropeScaling is not possible: " + scaling);
    }
  }

  private static void checkSummaries(Path file, SummaryInfo summaries) throws ModelFormatException {
    if (summaries != null && (summaries.chunkTokens() < 1 || summaries.maxNewTokens() < 1)) {
      throw new ModelFormatException(
          "%s: summaries.chunkTokens is %d and summaries.maxNewTokens %d, each must be at least 1"
              .formatted(file, summaries.chunkTokens(), summaries.maxNewTokens()));
    }
  }

  private static void checkTokens(Path file, Manifest manifest) throws ModelFormatException {
    TokenizerInfo tokenizer = manifest.tokenizer();
    int rows = manifest.config().vocabularyRows();
    if (tokenizer.vocabularySize() < 1 || tokenizer.vocabularySize() > rows) {
      throw new ModelFormatException(
          "%s: tokenizer.vocabularySize %d, expected 1 to config.vocabularyRows %d"
              .formatted(file, tokenizer.vocabularySize(), rows));
    }
    for (Integer id : manifest.stopIds()) {
      if (id == null || id < 0 || id >= rows) {
        throw new ModelFormatException(
            "%s: stopIds holds %s, expected 0 to %d".formatted(file, id, rows - 1));
      }
    }
    if (tokenizer.file() != null
        && !Files.isRegularFile(JsonFiles.sibling(file, tokenizer.file()))) {
      throw new ModelFormatException(
          "%s names the tokenizer file %s, which is missing".formatted(file, tokenizer.file()));
    }
  }

  /** The layout follows from the architecture: a manifest that says otherwise is not ours. */
  private static void checkTensors(Path file, Manifest manifest) throws IOException {
    Map<String, TensorInfo> expected =
        WeightsLayout.tensors(manifest.config(), manifest.precision());
    for (Map.Entry<String, TensorInfo> entry : expected.entrySet()) {
      TensorInfo tensor = manifest.tensors().get(entry.getKey());
      if (tensor == null || !equal(tensor, entry.getValue())) {
        throw new ModelFormatException(
            "%s: tensor %s is %s, the architecture calls for %s"
                .formatted(file, entry.getKey(), text(tensor), text(entry.getValue())));
      }
    }
    Path weights = file.resolveSibling(Manifest.WEIGHTS_FILE);
    long needed = WeightsLayout.fileLength(expected);
    long size = Files.exists(weights) ? Files.size(weights) : -1;
    if (size != needed) {
      throw new ModelFormatException(
          weights
              + (size < 0 ? " is missing" : " has " + size + " bytes, the manifest needs " + needed)
              + ": was the model copied completely?");
    }
  }

  private static boolean equal(TensorInfo a, TensorInfo b) {
    return b.type().equals(a.type())
        && Arrays.equals(a.shape(), b.shape())
        && a.offset() == b.offset()
        && a.length() == b.length();
  }

  private static String text(TensorInfo tensor) {
    return tensor == null
        ? "missing"
        : "%s%s at %d, %d bytes"
            .formatted(
                tensor.type(), Arrays.toString(tensor.shape()), tensor.offset(), tensor.length());
  }
}
