package io.millrace.schemas.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The schemas with which earlier versions of Millrace wrote, so that a job can be brought up to
 * date before its clients are. A schema that is about to change is added here first.
 */
final class EarlierSchemas implements SchemaResolver {
  static final List<String> FILES =
      List.of("ConversationRequest-1.avsc", "DocumentRequest-1.avsc", "Summary-1.avsc");

  private static final Map<Long, Schema> BY_FINGERPRINT = load();

  private final SchemaResolver others;

  private EarlierSchemas(SchemaResolver others) {
    this.others = others;
  }

  /** Looks here first, then there. */
  static SchemaResolver before(SchemaResolver others) {
    return new EarlierSchemas(others);
  }

  private static Map<Long, Schema> load() {
    Map<Long, Schema> schemas = new HashMap<>();
    for (String file : FILES) {
      Schema schema = read(file);
      schemas.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }
    return schemas;
  }

  static Schema read(String file) {
    try (InputStream in =
        EarlierSchemas.class.getResourceAsStream("/io/millrace/schemas/earlier/" + file)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Schema> byFingerprint(long fingerprint) {
    Schema earlier = BY_FINGERPRINT.get(fingerprint);
    return earlier == null ? others.byFingerprint(fingerprint) : Optional.of(earlier);
  }

  @Override
  public Optional<Schema> byId(int id) {
    return others.byId(id);
  }
}
