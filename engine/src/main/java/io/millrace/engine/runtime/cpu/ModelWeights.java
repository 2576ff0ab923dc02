package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.runtime.onnx.LinearSession;
import io.millrace.engine.runtime.onnx.OnnxEnvironment;
import io.millrace.engine.runtime.onnx.WeightFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All weights of a prepared model: what Java needs on the heap, the rest in sessions. */
final class ModelWeights implements AutoCloseable {
  private final OnnxEnvironment environment;
  private final PreparedModel model;
  private final int parts;
  private final List<Linear> linears = Collections.synchronizedList(new ArrayList<>());

  private EmbeddingTable embedding;
  private LayerWeights[] layers;
  private float[] norm;
  private Linear head;

  ModelWeights(OnnxEnvironment environment, PreparedModel model, WorkerPool workers) {
    this.environment = environment;
    this.model = model;
    this.parts = workers.size();
    try {
      embedding = new EmbeddingTable(model);
      norm = model.floats("norm.weight");
      layers = new LayerWeights[model.config().layers()];
      // Packing weights takes seconds on one thread. The head is the largest and goes first.
      workers.run(layers.length + 1, (item, worker) -> load(item - 1));
    } catch (IOException e) {
      close();
      throw unreadable(e);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    environment.trimMemory();
  }

  private void load(int layer) {
    try {
      if (layer < 0) {
        head = linear("head", model.config().hiddenSize());
      } else {
        layers[layer] = layer(model.config(), "layers." + layer + ".");
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("Cannot read " + model.weightsFile(), e);
  }

  private LayerWeights layer(ModelConfig config, String prefix) throws IOException {
    return new LayerWeights(
        model.floats(prefix + "attention_norm.weight"),
        linear(prefix + "qkv", config.hiddenSize()),
        config.qkvBias() ? model.floats(prefix + "qkv.bias") : null,
        config.qkNorm() ? model.floats(prefix + "q_norm.weight") : null,
        config.qkNorm() ? model.floats(prefix + "k_norm.weight") : null,
        linear(prefix + "output", config.heads() * config.headDim()),
        model.floats(prefix + "mlp_norm.weight"),
        linear(prefix + "gate_up", config.hiddenSize()),
        linear(prefix + "down", config.ffnSize()));
  }

  private Linear linear(String name, int inputs) throws IOException {
    LinearSession[] sessions = ColumnParts.open(environment, model, name, inputs, parts);
    Linear linear =
        sessions[0].format() == WeightFormat.INT8
            ? new Int8Linear(sessions, model.floats(name + ".scale"))
            : new FloatLinear(sessions);
    linears.add(linear);
    return linear;
  }

  /** Buffers for the linear layers of any layer. */
  LinearBuffers layerBuffers() {
    LayerWeights first = layers[0];
    Linear[] all = {first.qkv(), first.output(), first.gateUp(), first.down()};
    int inputs = 0;
    int parts = 0;
    int outputs = 0;
    for (Linear linear : all) {
      inputs = Math.max(inputs, linear.inputs());
      parts = Math.max(parts, linear.parts());
      outputs = Math.max(outputs, linear.widestPart());
    }
    return new LinearBuffers(first.qkv().format(), inputs, parts, outputs);
  }

  LinearBuffers logitBuffers() {
    return new LinearBuffers(head.format(), head.inputs(), head.parts(), head.widestPart());
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
