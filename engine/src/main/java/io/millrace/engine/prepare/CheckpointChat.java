package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Family;
import io.millrace.engine.model.JsonFiles;
import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The chat format, default system message and stop ids of a checkpoint. */
final class CheckpointChat {

  static final List<String> FORMATS = List.of("qwen", "qwen2", "qwen3", "chatml");

  private static final String IM_START = "<|im_start|>";
  private static final String IM_END = "<|im_end|>";
  private static final String QWEN_SYSTEM = "You are a helpful assistant.";

  /** A system message that a template spells out; variables have quotes or braces around them. */
  private static final Pattern LITERAL_SYSTEM =
      Pattern.compile("<\\|im_start\\|>system(?:\\n|\\\\n)([^<>{}'\"\\\\]+)<\\|im_end\\|>");

  private CheckpointChat() {}

  /**
   * The format's name.
   *
   * @return null where none of ours fits
   */
  static String format(Family family, Map<String, Integer> controlTokens) {
    return switch (family) {
      case QWEN -> "qwen";
      case QWEN2 -> "qwen2";
      case QWEN3 -> "qwen3";
      case LLAMA ->
          controlTokens.containsKey(IM_START) && controlTokens.containsKey(IM_END)
              ? "chatml"
              : null;
    };
  }

  /**
   * The system message that the family's own chat uses where a conversation has none.
   *
   * @return null for none
   */
  static String defaultSystem(Family family, Path checkpoint) throws IOException {
    ObjectNode config = JsonFiles.readObjectIfPresent(checkpoint.resolve("tokenizer_config.json"));
    if (config.has("default_system")) {
      return config.get("default_system").textValue();
    }
    if (family == Family.QWEN) {
      return QWEN_SYSTEM;
    }
    Matcher literal = LITERAL_SYSTEM.matcher(template(checkpoint, config));
    return literal.find() ? literal.group(1) : null;
  }

  private static String template(Path checkpoint, ObjectNode config) throws IOException {
    Path file = checkpoint.resolve("chat_template.jinja");
    if (Files.exists(file)) {
      return Files.readString(file);
    }
    JsonNode templates = config.path("chat_template");
    if (templates.isArray()) {
      for (JsonNode template : templates) {
        if (template.path("name").asText().equals("default")) {
          return template.path("template").asText();
        }
      }
    }
    return templates.asText();
  }

  /** The ids that generation_config.json (else config.json) and the chat format stop at. */
  static List<Integer> stopIds(
      Path checkpoint, ModelConfig config, Map<String, Integer> controlTokens) throws IOException {
    TreeSet<Integer> ids = new TreeSet<>();
    Path file = checkpoint.resolve("generation_config.json");
    JsonNode eos = JsonFiles.readObjectIfPresent(file).path("eos_token_id");
    if (eos.isMissingNode() || eos.isNull()) {
      file = checkpoint.resolve(ModelConfig.CHECKPOINT_FILE);
      eos = JsonFiles.readObject(file).path("eos_token_id");
    }
    for (JsonNode id : eos.isArray() ? eos : List.of(eos)) {
      if (id.isInt() && id.intValue() >= 0 && id.intValue() < config.vocabularyRows()) {
        ids.add(id.intValue());
      } else if (!id.isMissingNode() && !id.isNull()) {
        throw new ModelFormatException(
            "%s: eos_token_id %s, expected ids below the vocabulary's %d"
                .formatted(file, id, config.vocabularyRows()));
      }
    }
    ids.addAll(formatStopIds(config.family(), controlTokens));
    return List.copyOf(ids);
  }

  static TreeSet<Integer> formatStopIds(Family family, Map<String, Integer> controlTokens) {
    TreeSet<Integer> ids = new TreeSet<>();
    if (controlTokens.containsKey(IM_END)) {
      ids.add(controlTokens.get(IM_END));
    }
    if (family == Family.QWEN && controlTokens.containsKey(IM_START)) {
      ids.add(controlTokens.get(IM_START));
    }
    return ids;
  }
}
