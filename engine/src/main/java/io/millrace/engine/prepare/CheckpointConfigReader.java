package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import io.millrace.engine.model.RopeScaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Turns a checkpoint's config.json into a {@link ModelConfig}. Whatever would change the forward
 * pass in a way that the engine does not compute is refused by key and value.
 */
public final class CheckpointConfigReader {

  private static final double DEFAULT_THETA = 10000;
  private static final double DEFAULT_EPSILON = 1e-6;

  private CheckpointConfigReader() {}

  /**
   * @param checkpoint the directory with config.json
   * @param hasTensor which tensors the checkpoint has: they decide where config.json is silent
   */
  public static ModelConfig read(Path checkpoint, Predicate<String> hasTensor) throws IOException {
    Path file = checkpoint.resolve(ModelConfig.CHECKPOINT_FILE);
    return read(file.toString(), JsonFiles.readObject(file), hasTensor);
  }

  static ModelConfig read(String file, ObjectNode json, Predicate<String> hasTensor)
      throws ModelFormatException {
    ConfigValues values = new ConfigValues(file, json);
    String type = values.text("", "model_type");
    if (values.has("quantization_config")) {
      throw values.unsupported(
          "quantization_config", values.find("quantization_config"), "use the original checkpoint");
    }
    ModelConfig config =
        switch (type) {
          case "qwen" -> QwenConfigReader.read(values, tied(values, hasTensor));
          case "qwen2" -> modern(values, Family.QWEN2, tied(values, hasTensor));
          case "qwen3" -> modern(values, Family.QWEN3, tied(values, hasTensor));
          case "llama" -> modern(values, Family.LLAMA, tied(values, hasTensor));
          default ->
              throw values.unsupported("model_type", type, "qwen, qwen2, qwen3 and llama are");
        };
    check(values, config);
    return config;
  }

  private static boolean tied(ConfigValues values, Predicate<String> hasTensor)
      throws ModelFormatException {
    return values.flag(!hasTensor.test("lm_head.weight"), "tie_word_embeddings");
  }

  private static ModelConfig modern(ConfigValues values, Family family, boolean tied)
      throws ModelFormatException {
    values.require("hidden_act", "silu", "silu");
    values.require("mlp_bias", "false", "false");
    values.require("attention_bias", "false", "false");
    refuseSlidingWindow(values);
    int hidden = values.size("hidden_size");
    int heads = values.size("num_attention_heads");
    int positions = values.size("max_position_embeddings");
    RopeScaling scaling = RopeScalingReader.read(values, positions);
    return new ModelConfig(
        family,
        hidden,
        values.size("num_hidden_layers"),
        heads,
        values.size(heads, "num_key_value_heads"),
        values.has("head_dim") ? values.size("head_dim") : headDim(values, hidden, heads),
        values.size("intermediate_size"),
        values.size("vocab_size"),
        scaling == null ? positions : reach(positions, scaling),
        values.positive(DEFAULT_EPSILON, "rms_norm_eps"),
        RopeScalingReader.theta(values, DEFAULT_THETA),
        family == Family.QWEN2,
        family == Family.QWEN3,
        tied,
        false,
        false,
        positions,
        scaling);
  }

  // Recipes for longer sequences set the factor and leave max_position_embeddings as it was.
  private static int reach(int positions, RopeScaling scaling) {
    boolean stretched =
        scaling.type() == RopeScaling.Type.YARN || scaling.type() == RopeScaling.Type.LLAMA3;
    double reach = stretched ? scaling.factor() * scaling.originalLength() : 0;
    return (int) Math.max(positions, Math.min(reach, Integer.MAX_VALUE));
  }

  private static int headDim(ConfigValues values, int hidden, int heads)
      throws ModelFormatException {
    if (hidden % heads != 0) {
      throw new ModelFormatException(
          "%s: hidden_size %d is not a multiple of num_attention_heads %d and head_dim is missing"
              .formatted(values.file(), hidden, heads));
    }
    return hidden / heads;
  }

  // Some checkpoints carry a window that use_sliding_window switches off.
  private static void refuseSlidingWindow(ConfigValues values) throws ModelFormatException {
    boolean inUse = values.flag(values.has("sliding_window"), "use_sliding_window");
    if (inUse && values.has("sliding_window")) {
      throw values.unsupported(
          "sliding_window", values.find("sliding_window"), "only full attention is");
    }
    for (JsonNode layer : values.find("layer_types")) {
      if (!layer.asText().equals("full_attention")) {
        throw values.unsupported("layer_types", layer, "only full_attention is");
      }
    }
  }

  private static void check(ConfigValues values, ModelConfig config) throws ModelFormatException {
    if (config.heads() % config.kvHeads() != 0) {
      throw new ModelFormatException(
          "%s: num_attention_heads %d is not a multiple of num_key_value_heads %d"
              .formatted(values.file(), config.heads(), config.kvHeads()));
    }
    if (config.headDim() % 2 != 0) {
      throw new ModelFormatException(
          "%s: heads of width %d cannot be rotated in halves: head_dim must be even"
              .formatted(values.file(), config.headDim()));
    }
  }
}
