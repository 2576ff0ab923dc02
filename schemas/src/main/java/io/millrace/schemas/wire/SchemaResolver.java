package io.millrace.schemas.wire;

import java.util.Optional;
import org.apache.avro.Schema;

/** Finds the schema that a writer used, by what the framing of its record says. */
public interface SchemaResolver {

  /** The schema with this CRC-64-AVRO fingerprint (single-object encoding). */
  Optional<Schema> byFingerprint(long fingerprint);

  /** The schema with this registry id (Confluent framing). */
  Optional<Schema> byId(int id);

  /** Knows no schema. */
  static SchemaResolver none() {
    return FixedSchemas.NONE;
  }
}
