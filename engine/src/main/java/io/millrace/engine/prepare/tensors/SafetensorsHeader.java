package io.millrace.engine.prepare.tensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.ModelFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checked header of a safetensors file: where each tensor lies. */
record SafetensorsHeader(Map<String, Entry> tensors) {

  /** The format's own limit; also the most memory that a broken length can cost. */
  static final long MAX_LENGTH = 100_000_000;

  /**
   * One tensor.
   *
   * @param begin first byte, from the end of the header
   * @param end byte after the last one
   */
  public record Entry(String name, String dtype, long[] shape, long begin, long end) {}

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final Map<String, Integer> KNOWN_SIZES =
      Map.of("F64", 8, "F32", 4, "F16", 2, "BF16", 2, "I64", 8, "I32", 4, "I8", 1, "U8", 1);

  /**
   * @param file for messages
   * @param dataSize bytes after the header
   */
  static SafetensorsHeader parse(String file, byte[] json, long dataSize)
      throws ModelFormatException {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file + ": the header is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelFormatException(file + ": the header is not readable text", e);
    }
    if (!root.isObject()) {
      throw new ModelFormatException(file + ": the header is not a JSON object");
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        String where = file + ": tensor " + field.getKey();
        Entry entry = entry(where, field.getKey(), field.getValue());
        checkBounds(where, entry, dataSize);
        tensors.put(field.getKey(), entry);
      }
    }
    checkOverlaps(file, tensors);
    return new SafetensorsHeader(tensors);
  }

  private static Entry entry(String where, String name, JsonNode node) throws ModelFormatException {
    JsonNode offsets = node.path("data_offsets");
    if (!node.path("dtype").isTextual() || !node.path("shape").isArray() || offsets.size() != 2) {
      throw new ModelFormatException(
          where + ": needs dtype, shape and two data_offsets, has " + node);
    }
    long[] shape = new long[node.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = nonNegative(where + ": shape", node.get("shape").get(i));
    }
    return new Entry(
        name,
        node.get("dtype").textValue(),
        shape,
        nonNegative(where + ": data_offsets", offsets.get(0)),
        nonNegative(where + ": data_offsets", offsets.get(1)));
  }

  private static long nonNegative(String where, JsonNode node) throws ModelFormatException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new ModelFormatException(where + ": " + node + " is not a length or position");
    }
    return node.longValue();
  }

  private static void checkBounds(String where, Entry entry, long dataSize)
      throws ModelFormatException {
    if (entry.begin > entry.end || entry.end > dataSize) {
      throw new ModelFormatException(
          "%s: data_offsets [%d, %d] do not fit into the %d bytes of data: truncated file?"
              .formatted(where, entry.begin, entry.end, dataSize));
    }
    Integer size = KNOWN_SIZES.get(entry.dtype);
    if (size != null && bytes(entry.shape, size) != entry.end - entry.begin) {
      throw new ModelFormatException(
          "%s: %s of shape %s does not take %d bytes"
              .formatted(
                  where, entry.dtype, Arrays.toString(entry.shape), entry.end - entry.begin));
    }
  }

  private static long bytes(long[] shape, int size) {
    try {
      long bytes = size;
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static void checkOverlaps(String file, Map<String, Entry> tensors)
      throws ModelFormatException {
    List<Entry> sorted = new ArrayList<>(tensors.values());
    sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    for (int i = 1; i < sorted.size(); i++) {
      Entry before = sorted.get(i - 1);
      Entry after = sorted.get(i);
      if (after.begin < before.end) {
        throw new ModelFormatException(
            "%s: tensors %s and %s overlap in bytes %d to %d"
                .formatted(file, before.name, after.name, after.begin, before.end));
      }
    }
  }
}
