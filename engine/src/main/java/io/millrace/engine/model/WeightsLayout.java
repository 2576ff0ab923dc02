package io.millrace.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which weights an architecture has, and where they lie in weights.bin. */
public final class WeightsLayout {

  static final int ALIGNMENT = 4096;

  private WeightsLayout() {}

  /** All weights in the order of the file. */
  public static List<Weight> weights(ModelConfig c) {
    List<Weight> all = new ArrayList<>();
    all.add(new Weight("embed.weight", Weight.Kind.EMBEDDING, c.vocabularyRows(), c.hiddenSize()));
    for (int n = 0; n < c.layers(); n++) {
      String layer = "layers." + n + ".";
      all.add(Weight.vector(layer + "attention_norm.weight", c.hiddenSize()));
      all.add(Weight.linear(layer + "qkv.weight", c.qkvSize(), c.hiddenSize()));
      if (c.qkvBias()) {
        all.add(Weight.vector(layer + "qkv.bias", c.qkvSize()));
      }
      if (c.qkNorm()) {
        all.add(Weight.vector(layer + "q_norm.weight", c.headDim()));
        all.add(Weight.vector(layer + "k_norm.weight", c.headDim()));
      }
      all.add(Weight.linear(layer + "output.weight", c.hiddenSize(), c.heads() * c.headDim()));
      all.add(Weight.vector(layer + "mlp_norm.weight", c.hiddenSize()));
      all.add(Weight.linear(layer + "gate_up.weight", 2 * c.ffnSize(), c.hiddenSize()));
      all.add(Weight.linear(layer + "down.weight", c.hiddenSize(), c.ffnSize()));
    }
    all.add(Weight.vector("norm.weight", c.hiddenSize()));
    all.add(new Weight("head.weight", Weight.Kind.HEAD, c.vocabularyRows(), c.hiddenSize()));
    return all;
  }

  /** Every tensor with its place, in the order of the file. */
  public static Map<String, TensorInfo> tensors(ModelConfig config, Precision precision) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    long offset = 0;
    for (Weight weight : weights(config)) {
      Storage storage = weight.storage(precision);
      TensorInfo stored = tensor(storage, weight.storedShape(storage), offset);
      tensors.put(weight.name(), stored);
      offset = align(offset + stored.length());
      if (storage.quantised()) {
        TensorInfo scales = tensor(Storage.FLOAT32, weight.scaleShape(storage), offset);
        tensors.put(weight.scaleName(), scales);
        offset = align(offset + scales.length());
      }
    }
    return tensors;
  }

  private static TensorInfo tensor(Storage storage, long[] shape, long offset) {
    return new TensorInfo(storage.type, shape, offset, storage.bytes(shape));
  }

  /** Length of the whole file; its end is aligned as well. */
  public static long fileLength(Map<String, TensorInfo> tensors) {
    return tensors.values().stream().mapToLong(t -> align(t.offset() + t.length())).max().orElse(0);
  }

  private static long align(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
