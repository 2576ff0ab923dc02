package io.millrace.engine.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.engine.model.ModelFormatException;
import java.util.Arrays;

/** Typed access to a config.json, whose errors name the file, the key and the value. */
record ConfigValues(String file, JsonNode root) {

  /** Far above every real size; keeps products of sizes within a long. */
  private static final int MAX_SIZE = 1 << 24;

  /** The first of the keys that is there and not null, else a missing node. */
  JsonNode find(String... keys) {
    for (String key : keys) {
      if (root.hasNonNull(key)) {
        return root.get(key);
      }
    }
    return MissingNode.getInstance();
  }

  boolean has(String... keys) {
    return !find(keys).isMissingNode();
  }

  /** A size that must be there under one of the names. */
  int size(String... keys) throws ModelFormatException {
    if (!has(keys)) {
      throw new ModelFormatException(
          file + ": the key " + String.join(" or ", keys) + " is missing");
    }
    return size(0, keys);
  }

  int size(int otherwise, String... keys) throws ModelFormatException {
    JsonNode node = find(keys);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 1
        || node.intValue() > MAX_SIZE) {
      throw invalid(node, "a whole number from 1 to " + MAX_SIZE, keys);
    }
    return node.intValue();
  }

  double positive(double otherwise, String... keys) throws ModelFormatException {
    JsonNode node = find(keys);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isNumber() || !(node.doubleValue() > 0) || Double.isInfinite(node.doubleValue())) {
      throw invalid(node, "a number above 0", keys);
    }
    return node.doubleValue();
  }

  boolean flag(boolean otherwise, String... keys) throws ModelFormatException {
    JsonNode node = find(keys);
    if (node.isMissingNode()) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw invalid(node, "true or false", keys);
    }
    return node.booleanValue();
  }

  String text(String otherwise, String... keys) {
    return find(keys).asText(otherwise);
  }

  /** Refuses any other value of a key: the model would compute something else than we do. */
  void require(String key, String only, String otherwise) throws ModelFormatException {
    String value = text(otherwise, key);
    if (!value.equals(only)) {
      throw unsupported(key, value, "only " + only + " is");
    }
  }

  ModelFormatException unsupported(String key, Object value, String hint) {
    return new ModelFormatException(
        "%s: %s = %s is not supported; %s".formatted(file, key, value, hint));
  }

  private ModelFormatException invalid(JsonNode value, String expected, String... keys) {
    String present = Arrays.stream(keys).filter(root::hasNonNull).findFirst().orElse("");
    return new ModelFormatException(
        "%s: %s = %s, expected %s".formatted(file, present, value, expected));
  }
}
