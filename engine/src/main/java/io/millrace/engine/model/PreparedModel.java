package io.millrace.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A prepared model on disk, its manifest checked. Immutable. */
public final class PreparedModel {

  private final Path directory;
  private final Manifest manifest;

  private PreparedModel(Path directory, Manifest manifest) {
    this.directory = directory;
    this.manifest = manifest;
  }

  /**
   * Reads and checks the manifest; weights stay on disk.
   *
   * @throws ModelFormatException if the directory holds no prepared model that this version reads
   */
  public static PreparedModel open(Path directory) throws IOException {
    return new PreparedModel(directory, ManifestFile.read(directory));
  }

  /**
   * The same weights as {@link ModelConfig#reaching} reads them: another model, with a fingerprint
   * of its own, for which the weights are hashed again.
   */
  public PreparedModel reaching(
      boolean dynamicNtk, boolean lognAttention, int trained, int positions) throws IOException {
    ModelConfig config = config().reaching(dynamicNtk, lognAttention, trained, positions);
    Manifest changed =
        new Manifest(
            manifest.version(),
            manifest.name(),
            config,
            manifest.precision(),
            manifest.tokenizer(),
            manifest.chat(),
            manifest.summaries(),
            manifest.stopIds(),
            manifest.tensors(),
            Fingerprint.of(weightsFile(), config, manifest.precision(), ProgressListener.NONE));
    return new PreparedModel(directory, changed);
  }

  public Path directory() {
    return directory;
  }

  public Manifest manifest() {
    return manifest;
  }

  public ModelConfig config() {
    return manifest.config();
  }

  /** weights.bin, for the runtime's external data. */
  public Path weightsFile() {
    return directory.resolve(Manifest.WEIGHTS_FILE);
  }

  /**
   * A tensor's bytes, mapped, read-only and little-endian.
   *
   * @throws IllegalArgumentException if there is no such tensor or it is larger than one buffer
   */
  public ByteBuffer tensor(String name) throws IOException {
    TensorInfo tensor = info(name);
    if (tensor.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "tensor %s has %d bytes: read it from the weights file in parts"
              .formatted(name, tensor.length()));
    }
    try (FileChannel channel = FileChannel.open(weightsFile(), StandardOpenOption.READ)) {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, tensor.offset(), tensor.length())
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** The values of a float32 tensor. */
  public float[] floats(String name) throws IOException {
    if (!info(name).type().equals(Storage.FLOAT32.type)) {
      throw new IllegalArgumentException("tensor " + name + " is " + info(name).type());
    }
    ByteBuffer bytes = tensor(name);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private TensorInfo info(String name) {
    TensorInfo tensor = manifest.tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the model " + manifest.name() + " has no tensor " + name);
    }
    return tensor;
  }

  /**
   * Hashes the weights again: reads the whole file.
   *
   * @throws ModelFormatException if they are not the ones that the manifest was written for
   */
  public void verify(ProgressListener listener) throws IOException {
    String actual = Fingerprint.of(weightsFile(), config(), manifest.precision(), listener);
    if (!actual.equals(manifest.fingerprint())) {
      throw new ModelFormatException(
          "%s: the fingerprint is %s, the manifest says %s: the model was changed or damaged"
              .formatted(directory, actual, manifest.fingerprint()));
    }
  }
}
