package io.millrace.engine.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * manifest.json of a prepared model.
 *
 * <p>Tensor names and shapes, N the layer from 0 ([in, out] for linear layers; in int8 each {@code
 * X.weight} is int8 with an {@code X.scale} of float32 [out]; in int4 those of the layers are uint8
 * [out, blocks, 16], two elements to a byte, with an {@code X.scale} of float32 [out, blocks], a
 * block being 32 inputs; norms and biases are float32):
 *
 * <ul>
 *   <li>{@code embed.weight} [vocabularyRows, hidden] (int8 and int4: int8, one {@code embed.scale}
 *       per row)
 *   <li>{@code layers.N.attention_norm.weight} [hidden]
 *   <li>{@code layers.N.qkv.weight} [hidden, qkvSize], {@code layers.N.qkv.bias} [qkvSize]
 *   <li>{@code layers.N.q_norm.weight}, {@code layers.N.k_norm.weight} [headDim]
 *   <li>{@code layers.N.output.weight} [heads * headDim, hidden]
 *   <li>{@code layers.N.mlp_norm.weight} [hidden]
 *   <li>{@code layers.N.gate_up.weight} [hidden, 2 * ffn]: gate, then up
 *   <li>{@code layers.N.down.weight} [ffn, hidden]
 *   <li>{@code norm.weight} [hidden]
 *   <li>{@code head.weight} [hidden, vocabularyRows] (int4: as in int8)
 * </ul>
 *
 * @param version of this format
 * @param name the model's name
 * @param chat null where the checkpoint has no chat format that is known here: such a model only
 *     continues text
 * @param summaries how the model is best asked to summarise; null where nothing is known of it
 * @param stopIds ids that end an answer, from the checkpoint's generation_config.json and chat
 *     format
 * @param fingerprint lower-case hex SHA-256 over architecture, precision and weights.bin
 */
public record Manifest(
    int version,
    String name,
    ModelConfig config,
    Precision precision,
    TokenizerInfo tokenizer,
    ChatInfo chat,
    @JsonInclude(JsonInclude.Include.NON_NULL) SummaryInfo summaries,
    List<Integer> stopIds,
    Map<String, TensorInfo> tensors,
    String fingerprint) {

  public static final int VERSION = 1;
  public static final String FILE = "manifest.json";
  public static final String WEIGHTS_FILE = "weights.bin";
}
