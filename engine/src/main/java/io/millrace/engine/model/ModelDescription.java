package io.millrace.engine.model;

import java.util.List;
import java.util.Locale;

/**
 * What one wants to know of a prepared model at a glance.
 *
 * @param parameters number of weights; a tied head counts once
 * @param weightBytes length of weights.bin
 * @param kvBytesPerToken K and V of one token in all layers, in float32
 * @param vocabulary ids that may be sampled
 */
public record ModelDescription(
    String name,
    Precision precision,
    long parameters,
    long weightBytes,
    long kvBytesPerToken,
    ModelConfig config,
    int vocabulary,
    int controlTokens,
    ChatInfo chat,
    List<Integer> stopIds,
    String fingerprint) {

  public static ModelDescription of(Manifest manifest) {
    ModelConfig c = manifest.config();
    long parameters =
        WeightsLayout.weights(c).stream()
            .filter(weight -> !(c.tiedEmbeddings() && weight.name().equals("head.weight")))
            .mapToLong(weight -> (long) weight.rows() * weight.columns())
            .sum();
    return new ModelDescription(
        manifest.name(),
        manifest.precision(),
        parameters,
        WeightsLayout.fileLength(manifest.tensors()),
        2L * Float.BYTES * c.layers() * c.kvHeads() * c.headDim(),
        c,
        manifest.tokenizer().vocabularySize(),
        manifest.tokenizer().controlTokens().size(),
        manifest.chat(),
        manifest.stopIds(),
        manifest.fingerprint());
  }

  /** One line per property. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    line(text, "name", name);
    line(text, "family", config.family().name().toLowerCase(Locale.ROOT));
    line(text, "precision", precision.name().toLowerCase(Locale.ROOT));
    line(text, "parameters", "%,d".formatted(parameters));
    line(text, "weights", "%,d bytes".formatted(weightBytes));
    line(text, "layers", config.layers());
    line(text, "hidden size", config.hiddenSize());
    line(
        text,
        "heads",
        "%d query, %d key/value, width %d"
            .formatted(config.heads(), config.kvHeads(), config.headDim()));
    line(text, "MLP", config.ffnSize());
    line(text, "head", config.tiedEmbeddings() ? "tied to the embedding" : "separate");
    line(text, "vocabulary", "%d ids in %d rows".formatted(vocabulary, config.vocabularyRows()));
    line(text, "positions", positions());
    line(text, "KV per token", "%,d bytes in float32".formatted(kvBytesPerToken));
    line(text, "chat format", chat == null ? "none" : chat.format());
    line(
        text,
        "system",
        chat == null || chat.defaultSystem() == null ? "none" : chat.defaultSystem());
    line(text, "stop ids", stopIds);
    line(text, "fingerprint", fingerprint);
    return text.toString();
  }

  private String positions() {
    if (config.ropeScaling() != null) {
      RopeScaling scaling = config.ropeScaling();
      return "%d, RoPE scaling %s by %s over %d"
          .formatted(
              config.maxPositions(),
              scaling.type().name().toLowerCase(Locale.ROOT),
              scaling.factor(),
              scaling.originalLength());
    }
    String beyond =
        (config.dynamicNtk() ? ", dynamic NTK" : "") + (config.lognAttention() ? ", LogN" : "");
    return beyond.isEmpty()
        ? "%d".formatted(config.maxPositions())
        : "%d, beyond %d with%s"
            .formatted(config.maxPositions(), config.trainedLength(), beyond.substring(1));
  }

  private static void line(StringBuilder text, String label, Object value) {
    text.append("%-14s%s%n".formatted(label, value));
  }
}
