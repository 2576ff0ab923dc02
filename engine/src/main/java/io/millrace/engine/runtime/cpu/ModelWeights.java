package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.Precision;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** All weights of a prepared model: what Java needs on the heap, the rest in sessions. */
final class ModelWeights implements AutoCloseable {
  private final OnnxEnvironment environment;
  private final PreparedModel model;
  private final List<Linear> linears = new ArrayList<>();

  private EmbeddingTable embedding;
  private LayerWeights[] layers;
  private float[] norm;
  private Linear head;

  ModelWeights(OnnxEnvironment environment, PreparedModel model) {
    this.environment = environment;
    this.model = model;
    try {
      load();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("Cannot read " + model.weightsFile(), e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    environment.trimMemory();
  }

  private void load() throws IOException {
    ModelConfig config = model.config();
    embedding = new EmbeddingTable(model);
    layers = new LayerWeights[config.layers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = layer(config, "layers." + i + ".");
    }
    norm = model.floats("norm.weight");
    head = linear("head");
  }

  private LayerWeights layer(ModelConfig config, String prefix) throws IOException {
    return new LayerWeights(
        model.floats(prefix + "attention_norm.weight"),
        linear(prefix + "qkv"),
        config.qkvBias() ? model.floats(prefix + "qkv.bias") : null,
        config.qkNorm() ? model.floats(prefix + "q_norm.weight") : null,
        config.qkNorm() ? model.floats(prefix + "k_norm.weight") : null,
        linear(prefix + "output"),
        model.floats(prefix + "mlp_norm.weight"),
        linear(prefix + "gate_up"),
        linear(prefix + "down"));
  }

  private Linear linear(String name) throws IOException {
    String weight = name + ".weight";
    LinearSession session =
        new LinearSession(
            environment, model.directory(), weight, model.manifest().tensors().get(weight));
    Linear linear =
        model.manifest().precision() == Precision.INT8
            ? new Int8Linear(session, model.floats(name + ".scale"))
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
