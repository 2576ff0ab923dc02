package io.millrace.schemas.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;

/**
 * Schemas known from the start: a map of registry id to schema, or a directory of ID.avsc files.
 */
public final class FixedSchemas implements SchemaResolver {
  static final FixedSchemas NONE = new FixedSchemas(Map.of());

  private static final String SUFFIX = ".avsc";

  private final Map<Integer, Schema> byId;
  private final Map<Long, Schema> byFingerprint = new HashMap<>();

  public FixedSchemas(Map<Integer, Schema> byId) {
    this.byId = Map.copyOf(byId);
    this.byId
        .values()
        .forEach(s -> byFingerprint.put(SchemaNormalization.parsingFingerprint64(s), s));
  }

  /**
   * Reads every file of the directory that is named by a registry id, such as {@code 17.avsc}.
   *
   * @throws IllegalArgumentException if a file's name is no id or its content no schema
   */
  public static FixedSchemas load(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(directory)) {
      files = listed.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
    Map<Integer, Schema> schemas = new HashMap<>();
    for (Path file : files) {
      schemas.put(id(file), parse(file));
    }
    return new FixedSchemas(schemas);
  }

  private static int id(Path file) {
    String name = file.getFileName().toString();
    try {
      return Integer.parseUnsignedInt(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          file + ": a schema file is named by its registry id, for example 17" + SUFFIX, e);
    }
  }

  private static Schema parse(Path file) throws IOException {
    try {
      return new Schema.Parser().parse(file.toFile());
    } catch (SchemaParseException e) {
      throw new IllegalArgumentException(file + " is no Avro schema: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Schema> byFingerprint(long fingerprint) {
    return Optional.ofNullable(byFingerprint.get(fingerprint));
  }

  @Override
  public Optional<Schema> byId(int id) {
    return Optional.ofNullable(byId.get(id));
  }
}
