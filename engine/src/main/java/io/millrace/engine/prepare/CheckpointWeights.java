package io.millrace.engine.prepare;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.Weight;
import io.millrace.engine.model.WeightsLayout;
import io.millrace.engine.prepare.tensors.MatrixSource;
import io.millrace.engine.prepare.tensors.StackedMatrix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds a checkpoint's tensors under the names that its family gives them, and joins the parts. */
final class CheckpointWeights implements WeightSource {

  private static final Pattern LAYER = Pattern.compile("layers\\.(\\d+)\\.(.+)");

  /** One tensor of a checkpoint that makes up a weight, alone or with others below it. */
  private record Part(String name, int rows) {}

  private final CheckpointTensors tensors;
  private final ModelConfig config;

  CheckpointWeights(CheckpointTensors tensors, ModelConfig config) {
    this.tensors = tensors;
    this.config = config;
  }

  /**
   * Refuses a checkpoint that lacks a tensor, has one of another shape, or has one that nobody
   * reads: a bias or norm that the engine does not compute would go unnoticed otherwise.
   */
  void check() throws IOException {
    for (Weight weight : WeightsLayout.weights(config)) {
      matrix(weight);
    }
    if (config.tiedEmbeddings()) {
      tensors.ignore("lm_head.weight");
    }
    Set<String> unused = tensors.unused();
    unused.removeIf(CheckpointWeights::isComputedBuffer);
    if (!unused.isEmpty()) {
      throw new ModelFormatException(
          "%s has %d tensors that a %s model does not use, such as %s"
              .formatted(
                  tensors.directory(), unused.size(), config.family(), unused.iterator().next()));
    }
  }

  private static boolean isComputedBuffer(String name) {
    return name.endsWith(".rotary_emb.inv_freq") || name.endsWith(".attn.masked_bias");
  }

  @Override
  public MatrixSource matrix(Weight weight) throws IOException {
    List<MatrixSource> sources = new ArrayList<>();
    for (Part part : parts(weight)) {
      sources.add(tensors.matrix(part.name, part.rows, weight.columns()));
    }
    return sources.size() == 1 ? sources.get(0) : new StackedMatrix(sources);
  }

  private List<Part> parts(Weight weight) {
    boolean qwen = config.family() == Family.QWEN;
    Matcher layer = LAYER.matcher(weight.name());
    if (!layer.matches()) {
      return List.of(new Part(qwen ? qwenModelPart(weight) : modelPart(weight), weight.rows()));
    }
    String within = layer.group(2);
    return qwen
        ? qwenLayerParts("transformer.h." + layer.group(1) + ".", within, weight.rows())
        : layerParts("model.layers." + layer.group(1) + ".", within, weight.rows());
  }

  private String modelPart(Weight weight) {
    return switch (weight.name()) {
      case "embed.weight" -> "model.embed_tokens.weight";
      case "norm.weight" -> "model.norm.weight";
      case "head.weight" ->
          config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
      default -> throw new IllegalArgumentException(weight.name());
    };
  }

  private String qwenModelPart(Weight weight) {
    return switch (weight.name()) {
      case "embed.weight" -> "transformer.wte.weight";
      case "norm.weight" -> "transformer.ln_f.weight";
      case "head.weight" -> config.tiedEmbeddings() ? "transformer.wte.weight" : "lm_head.weight";
      default -> throw new IllegalArgumentException(weight.name());
    };
  }

  private List<Part> layerParts(String layer, String within, int rows) {
    return switch (within) {
      case "attention_norm.weight" -> List.of(new Part(layer + "input_layernorm.weight", rows));
      case "qkv.weight" -> attentionParts(layer, ".weight");
      case "qkv.bias" -> attentionParts(layer, ".bias");
      case "q_norm.weight", "k_norm.weight" ->
          List.of(new Part(layer + "self_attn." + within, rows));
      case "output.weight" -> List.of(new Part(layer + "self_attn.o_proj.weight", rows));
      case "mlp_norm.weight" -> List.of(new Part(layer + "post_attention_layernorm.weight", rows));
      case "gate_up.weight" ->
          List.of(
              new Part(layer + "mlp.gate_proj.weight", rows / 2),
              new Part(layer + "mlp.up_proj.weight", rows / 2));
      case "down.weight" -> List.of(new Part(layer + "mlp.down_proj.weight", rows));
      default -> throw new IllegalArgumentException(within);
    };
  }

  private List<Part> attentionParts(String layer, String suffix) {
    int queryRows = config.heads() * config.headDim();
    int keyRows = config.kvHeads() * config.headDim();
    return List.of(
        new Part(layer + "self_attn.q_proj" + suffix, queryRows),
        new Part(layer + "self_attn.k_proj" + suffix, keyRows),
        new Part(layer + "self_attn.v_proj" + suffix, keyRows));
  }

  private static List<Part> qwenLayerParts(String layer, String within, int rows) {
    return switch (within) {
      case "attention_norm.weight" -> List.of(new Part(layer + "ln_1.weight", rows));
      case "qkv.weight" -> List.of(new Part(layer + "attn.c_attn.weight", rows));
      case "qkv.bias" -> List.of(new Part(layer + "attn.c_attn.bias", rows));
      case "output.weight" -> List.of(new Part(layer + "attn.c_proj.weight", rows));
      case "mlp_norm.weight" -> List.of(new Part(layer + "ln_2.weight", rows));
      // SiLU applies to w2: it is the gate.
      case "gate_up.weight" ->
          List.of(
              new Part(layer + "mlp.w2.weight", rows / 2),
              new Part(layer + "mlp.w1.weight", rows / 2));
      case "down.weight" -> List.of(new Part(layer + "mlp.c_proj.weight", rows));
      default -> throw new IllegalArgumentException(within);
    };
  }
}
