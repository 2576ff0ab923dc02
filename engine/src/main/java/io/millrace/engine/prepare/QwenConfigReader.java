package io.millrace.engine.prepare;

import io.millrace.engine.model.Family;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;

/** config.json of Qwen v1, in both of its naming schemes. */
final class QwenConfigReader {

  private static final double DEFAULT_ROTARY_BASE = 10000;

  private QwenConfigReader() {}

  static ModelConfig read(ConfigValues values, boolean tied) throws ModelFormatException {
    values.require("no_bias", "true", "true");
    values.require("scale_attn_weights", "true", "true");
    double rotary = values.positive(1, "rotary_pct");
    if (rotary != 1) {
      throw values.unsupported("rotary_pct", rotary, "only 1 is");
    }
    int hidden = values.size("hidden_size", "n_embd");
    int heads = values.size("num_attention_heads", "n_head");
    // Both halves of the gated MLP count here.
    int ffn = values.size("intermediate_size", "ffn_hidden_size");
    if (ffn % 2 != 0) {
      throw values.unsupported("intermediate_size", ffn, "it counts two halves and must be even");
    }
    int trained = values.size("seq_length");
    boolean dynamicNtk = values.flag(false, "use_dynamic_ntk");
    return new ModelConfig(
        Family.QWEN,
        hidden,
        values.size("num_hidden_layers", "n_layer"),
        heads,
        heads,
        values.size("kv_channels"),
        ffn / 2,
        values.size("padded_vocab_size", "vocab_size"),
        Math.max(trained, values.size(trained, "max_position_embeddings", "n_positions")),
        values.positive(1e-6, "layer_norm_epsilon"),
        values.positive(DEFAULT_ROTARY_BASE, "rotary_emb_base"),
        true,
        false,
        tied,
        dynamicNtk,
        values.flag(false, "use_logn_attn"),
        trained);
  }
}
