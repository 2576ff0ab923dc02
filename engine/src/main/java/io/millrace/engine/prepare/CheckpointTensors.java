package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.prepare.tensors.MatrixSource;
import io.millrace.engine.prepare.tensors.SafetensorsFile;
import io.millrace.engine.prepare.tensors.SafetensorsMatrix;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All tensors of a checkpoint directory, whichever of its safetensors files they lie in. */
final class CheckpointTensors implements Closeable {

  private static final String INDEX = "model.safetensors.index.json";
  private static final String SUFFIX = ".safetensors";

  private final Path directory;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<String, SafetensorsFile> fileOf = new LinkedHashMap<>();
  private final Set<String> used = new TreeSet<>();

  private CheckpointTensors(Path directory) {
    this.directory = directory;
  }

  /** Opens the files that the index names, or every *.safetensors where there is no index. */
  static CheckpointTensors open(Path directory) throws IOException {
    CheckpointTensors tensors = new CheckpointTensors(directory);
    try {
      Path index = directory.resolve(INDEX);
      if (Files.exists(index)) {
        tensors.openIndexed(index);
      } else {
        tensors.openAll();
      }
      return tensors;
    } catch (Throwable e) {
      tensors.close();
      throw e;
    }
  }

  private void openAll() throws IOException {
    List<Path> paths;
    try (Stream<Path> list = Files.list(directory)) {
      paths = list.filter(p -> p.getFileName().toString().endsWith(SUFFIX)).sorted().toList();
    }
    if (paths.isEmpty()) {
      throw new ModelFormatException(
          directory + " has no *.safetensors file: other weight formats are not read");
    }
    for (Path path : paths) {
      SafetensorsFile file = openFile(path);
      for (String name : file.tensors().keySet()) {
        SafetensorsFile other = fileOf.put(name, file);
        if (other != null) {
          throw new ModelFormatException(
              "tensor %s is in both %s and %s".formatted(name, other.path(), file.path()));
        }
      }
    }
  }

  private void openIndexed(Path index) throws IOException {
    JsonNode map = JsonFiles.readObject(index).path("weight_map");
    if (!map.isObject()) {
      throw new ModelFormatException(index + ": has no object weight_map");
    }
    Map<String, SafetensorsFile> opened = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : map.properties()) {
      String name = field.getValue().asText();
      SafetensorsFile file = opened.get(name);
      if (file == null) {
        file = openFile(JsonFiles.sibling(index, name));
        opened.put(name, file);
      }
      if (!file.tensors().containsKey(field.getKey())) {
        throw new ModelFormatException(
            "%s says that %s holds tensor %s, but it does not"
                .formatted(index, file.path(), field.getKey()));
      }
      fileOf.put(field.getKey(), file);
    }
  }

  private SafetensorsFile openFile(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(path + " is missing: the checkpoint is not complete");
    }
    SafetensorsFile file = SafetensorsFile.open(path);
    files.add(file);
    return file;
  }

  boolean contains(String name) {
    return fileOf.containsKey(name);
  }

  Path directory() {
    return directory;
  }

  /**
   * A tensor of a known shape; it counts as used from then on.
   *
   * @param columns 1 for a vector
   */
  MatrixSource matrix(String name, int rows, int columns) throws ModelFormatException {
    SafetensorsFile file = fileOf.get(name);
    if (file == null) {
      throw new ModelFormatException(
          "%s has no tensor %s, which its config.json calls for".formatted(directory, name));
    }
    SafetensorsMatrix matrix = new SafetensorsMatrix(file, file.tensors().get(name));
    if (matrix.rows() != rows || matrix.columns() != columns) {
      throw new ModelFormatException(
          "%s: tensor %s is %d x %d, but config.json calls for %d x %d"
              .formatted(file.path(), name, matrix.rows(), matrix.columns(), rows, columns));
    }
    used.add(name);
    return matrix;
  }

  /** Marks a tensor as known and not needed. */
  void ignore(String name) {
    used.add(name);
  }

  /** The tensors that nobody has asked for. */
  Set<String> unused() {
    Set<String> names = new TreeSet<>(fileOf.keySet());
    names.removeAll(used);
    return names;
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsFile file : files) {
      file.close();
    }
  }
}
