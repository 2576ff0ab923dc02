package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.Manifest;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All weights of a prepared model: what Java needs on the heap, the rest in sessions. */
final class ModelWeights implements AutoCloseable {
  private final OnnxEnvironment environment;
  private final Path directory;
  private final Manifest manifest;
  private final List<Linear> linears = new ArrayList<>();

  private EmbeddingTable embedding;
  private LayerWeights[] layers;
  private float[] norm;
  private Linear head;

  ModelWeights(OnnxEnvironment environment, Path directory, Manifest manifest) {
    this.environment = environment;
    this.directory = directory;
    this.manifest = manifest;
    try (WeightsFile file = new WeightsFile(directory, manifest)) {
      load(file);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(
          "Cannot read " + Manifest.WEIGHTS_FILE + " of the prepared model in " + directory, e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    environment.trimMemory();
  }

  private void load(WeightsFile file) throws IOException {
    ModelConfig config = manifest.config();
    int hidden = config.hiddenSize();
    embedding = new EmbeddingTable(file, config, manifest.precision());
    layers = new LayerWeights[config.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = layer(file, config, "layers." + i + ".");
    }
    norm = file.floats("norm.weight", hidden);
    head = linear(file, "head", hidden, config.vocabularyRows());
  }

  private LayerWeights layer(WeightsFile file, ModelConfig config, String prefix)
      throws IOException {
    int hidden = config.hiddenSize();
    int attention = config.heads() * config.headDim();
    return new LayerWeights(
        file.floats(prefix + "attention_norm.weight", hidden),
        linear(file, prefix + "qkv", hidden, config.qkvSize()),
        config.qkvBias() ? file.floats(prefix + "qkv.bias", config.qkvSize()) : null,
        config.qkNorm() ? file.floats(prefix + "q_norm.weight", config.headDim()) : null,
        config.qkNorm() ? file.floats(prefix + "k_norm.weight", config.headDim()) : null,
        linear(file, prefix + "output", attention, hidden),
        file.floats(prefix + "mlp_norm.weight", hidden),
        linear(file, prefix + "gate_up", hidden, 2 * config.ffnSize()),
        linear(file, prefix + "down", config.ffnSize(), hidden));
  }

  private Linear linear(WeightsFile file, String name, int inputs, int outputs) throws IOException {
    String weight = name + ".weight";
    LinearSession session =
        new LinearSession(environment, directory, weight, file.info(weight, inputs, outputs));
    Linear linear =
        manifest.precision() == Precision.INT8
            ? new Int8Linear(session, file.floats(name + ".scale", outputs))
            : new Fp32Linear(session);
    linears.add(linear);
    return linear;
  }

  EmbeddingTable embedding() {
    return embedding;
  }

  LayerWeights layer(int layer) {
    return layers[layer];
  }

  float[] norm() {
    return norm;
  }

  Linear head() {
    return head;
  }

  @Override
  public void close() {
    linears.forEach(Linear::close);
    linears.clear();
  }
}
