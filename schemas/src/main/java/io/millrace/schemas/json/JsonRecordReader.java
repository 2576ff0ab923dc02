package io.millrace.schemas.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.TrustedRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads a record from plain JSON by its Avro schema: fields by their names, a missing field takes
 * its default, an unknown field is an error, an instant is ISO-8601 or epoch milliseconds, bytes
 * are base64.
 */
final class JsonRecordReader {
  static {
    TrustedRecords.register();
  }

  private JsonRecordReader() {}

  static <T extends SpecificRecord> T read(JsonNode json, Class<T> type) {
    return type.cast(record(json, SpecificData.get().getSchema(type), ""));
  }

  private static SpecificRecord record(JsonNode json, Schema schema, String path) {
    if (!json.isObject()) {
      throw wrong(path, json, "a JSON object");
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (schema.getField(name) == null) {
        throw new JsonProblem(
            path + name, "no such field; known are " + String.join(", ", names(schema)));
      }
    }
    SpecificRecord record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      String at = path + field.name();
      JsonNode value = json.get(field.name());
      if (value != null) {
        record.put(field.pos(), value(value, field.schema(), at));
      } else if (field.hasDefaultValue()) {
        record.put(field.pos(), SpecificData.get().getDefaultValue(field));
      } else {
        throw new JsonProblem(at, "the field is missing");
      }
    }
    return record;
  }

  private static List<String> names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).toList();
  }

  private static Object value(JsonNode json, Schema schema, String path) {
    return switch (schema.getType()) {
      case RECORD -> record(json, schema, path + ".");
      case UNION -> json.isNull() ? null : value(json, nonNull(schema), path);
      case STRING -> text(check(json.isTextual(), json, path, "a string").asText(), path);
      case BOOLEAN -> check(json.isBoolean(), json, path, "true or false").asBoolean();
      case INT -> check(whole(json) && json.canConvertToInt(), json, path, "an int").asInt();
      case LONG ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? instant(json, path)
              : (Object)
                  check(whole(json) && json.canConvertToLong(), json, path, "a long").asLong();
      case FLOAT ->
          check(json.isNumber() && Float.isFinite(json.floatValue()), json, path, "a number")
              .floatValue();
      case DOUBLE -> check(json.isNumber(), json, path, "a number").asDouble();
      case BYTES -> ByteBuffer.wrap(base64(json, path));
      case ENUM -> symbol(json, schema, path);
      case ARRAY -> array(json, schema, path);
      case MAP -> map(json, schema, path);
      default -> throw new IllegalStateException("no JSON form of " + schema);
    };
  }

  private static Schema nonNull(Schema union) {
    return union.getTypes().stream()
        .filter(s -> s.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  private static boolean whole(JsonNode json) {
    return json.isIntegralNumber();
  }

  private static Instant instant(JsonNode json, String path) {
    if (json.isTextual()) {
      try {
        return Instant.parse(json.asText());
      } catch (DateTimeException e) {
        throw wrong(path, json, "an ISO-8601 instant such as 2026-01-31T12:00:00Z");
      }
    }
    boolean fits = whole(json) && json.canConvertToLong();
    return Instant.ofEpochMilli(
        check(fits, json, path, "an ISO-8601 instant or epoch milliseconds").asLong());
  }

  private static byte[] base64(JsonNode json, String path) {
    try {
      return Base64.getDecoder().decode(check(json.isTextual(), json, path, "base64").asText());
    } catch (IllegalArgumentException e) {
      throw wrong(path, json, "base64");
    }
  }

  private static Object symbol(JsonNode json, Schema schema, String path) {
    String name = check(json.isTextual(), json, path, "a string").asText();
    check(
        schema.hasEnumSymbol(name),
        json,
        path,
        "one of " + String.join(", ", schema.getEnumSymbols()));
    return SpecificData.get().createEnum(name, schema);
  }

  private static List<Object> array(JsonNode json, Schema schema, String path) {
    check(json.isArray(), json, path, "an array");
    List<Object> items = new ArrayList<>(json.size());
    for (JsonNode item : json) {
      items.add(value(item, schema.getElementType(), path + "[" + items.size() + "]"));
    }
    return items;
  }

  /** Half a surrogate pair has no UTF-8: Avro would write a question mark. */
  private static String text(String text, String path) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new JsonProblem(path, "holds half a surrogate pair, which is no character");
    }
    return text;
  }

  private static Map<String, Object> map(JsonNode json, Schema schema, String path) {
    check(json.isObject(), json, path, "an object");
    Map<String, Object> entries = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      String at = path + "." + entry.getKey();
      entries.put(text(entry.getKey(), at), value(entry.getValue(), schema.getValueType(), at));
    }
    return entries;
  }

  private static JsonNode check(boolean right, JsonNode json, String path, String wanted) {
    if (!right) {
      throw wrong(path, json, wanted);
    }
    return json;
  }

  private static JsonProblem wrong(String path, JsonNode json, String wanted) {
    String text = json.toString();
    String shown = text.length() > 80 ? text.substring(0, 80) + ".." : text;
    return new JsonProblem(path, shown + " is not " + wanted);
  }
}
