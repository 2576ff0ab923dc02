package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/formats.md says of every field what its schema says. */
class FormatsDocTest {
  private static final Path DOC = Path.of("..", "docs", "formats.md");

  static Collection<Schema> records() {
    Map<String, Schema> found = new LinkedHashMap<>();
    for (Schema root :
        List.of(
            ConversationRequest.getClassSchema(),
            Completion.getClassSchema(),
            CompletionChunk.getClassSchema(),
            DeadLetter.getClassSchema(),
            DocumentRequest.getClassSchema(),
            Summary.getClassSchema())) {
      collect(root, found);
    }
    return found.values();
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldDescribeEveryField(Schema record) throws Exception {
    assertThat(Files.readString(DOC))
        .as("docs/formats.md needs this section of %s", record.getName())
        .contains(section(record));
  }

  @Test
  void shouldFindEveryGeneratedRecord() throws Exception {
    try (var files = Files.list(Path.of("src", "main", "avro"))) {
      assertThat(files.map(f -> f.getFileName().toString().replaceAll("^\\d+-|\\.avsc$", "")))
          .isSubsetOf(records().stream().map(Schema::getName).toList());
    }
  }

  private static void collect(Schema schema, Map<String, Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.putIfAbsent(schema.getName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(type -> collect(type, found));
      default -> {
        // No record inside.
      }
    }
  }

  private static String section(Schema record) {
    StringBuilder text = new StringBuilder("### " + record.getName() + "\n\n");
    text.append(record.getDoc()).append("\n\n| field | type | default | meaning |\n");
    text.append("| --- | --- | --- | --- |\n");
    for (Schema.Field field : record.getFields()) {
      text.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(field.name(), type(field.schema()), standard(field), field.doc()));
    }
    return text.toString();
  }

  private static String standard(Schema.Field field) {
    if (!field.hasDefaultValue()) {
      return "required";
    }
    Object value = org.apache.avro.generic.GenericData.get().getDefaultValue(field);
    return "`" + (value instanceof String s ? '"' + s + '"' : value) + "`";
  }

  private static String type(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD -> "[%s](#%s)".formatted(schema.getName(), schema.getName().toLowerCase());
      case ENUM -> String.join(", ", schema.getEnumSymbols());
      case ARRAY -> "array of " + type(schema.getElementType());
      case MAP -> "map of " + type(schema.getValueType());
      case UNION ->
          schema.getTypes().stream().map(FormatsDocTest::type).collect(Collectors.joining(" or "));
      default -> logical == null ? schema.getType().getName() : logical.getName();
    };
  }
}
