package io.millrace.job.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Flattens nested YAML to dotted keys. */
final class YamlKeys {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private YamlKeys() {}

  static Map<String, String> read(String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      // Without its cause: a parser quotes the lines around, and there may be passwords in them.
      throw new IllegalArgumentException("not valid YAML" + problem(e));
    }
    Map<String, String> settings = new LinkedHashMap<>();
    if (root.isObject()) {
      flatten("", root, settings);
    } else if (!root.isMissingNode() && !root.isNull()) {
      throw new IllegalArgumentException(
          "the file must hold keys and values, found one " + type(root));
    }
    return settings;
  }

  private static String problem(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String where = at == null ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr();
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MarkedYAMLException marked) {
        return where + ": " + marked.getProblem();
      }
    }
    return where + ": " + e.getOriginalMessage();
  }

  private static String type(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> settings) {
    node.fields()
        .forEachRemaining(
            field -> {
              String key = prefix + field.getKey();
              JsonNode value = field.getValue();
              if (value.isObject()) {
                flatten(key + ".", value, settings);
              } else if (value.isValueNode() && !value.isNull()) {
                settings.put(key, value.asText());
              } else {
                throw new IllegalArgumentException(
                    key + " needs one value, found " + (value.isNull() ? "none" : type(value)));
              }
            });
  }
}
