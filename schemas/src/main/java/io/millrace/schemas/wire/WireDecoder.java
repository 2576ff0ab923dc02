package io.millrace.schemas.wire;

import io.millrace.schemas.TrustedRecords;
import io.millrace.schemas.wire.DecodeException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SystemLimitException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads records in Avro's single-object encoding or in Confluent's framing, told apart by their
 * first bytes, whatever known version of the schema wrote them. Nothing but resolved schemas
 * survives a call, so a bad record cannot hurt the next one. Not thread-safe.
 */
public final class WireDecoder<T> {

  /** Kafka's own default for the largest message. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private static final int SINGLE_OBJECT_HEADER = 10;
  private static final int CONFLUENT_HEADER = 5;

  static {
    TrustedRecords.register();
  }

  /** Makes Avro's reader of what one schema wrote for another. */
  interface Readers<T> {
    DatumReader<T> create(Schema writer, Schema reader);
  }

  private final Schema reader;
  private final Readers<T> factory;
  private final SchemaResolver resolver;
  private final int maxBytes;
  private final Map<Schema, DatumReader<T>> readers = new HashMap<>();

  WireDecoder(Schema reader, Readers<T> factory, SchemaResolver resolver, int maxBytes) {
    this.reader = Objects.requireNonNull(reader, "reader");
    this.factory = factory;
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.maxBytes = maxBytes;
  }

  /**
   * A decoder of one kind of record.
   *
   * @param resolver finds other schemas than the record's present and earlier ones, which are
   *     always known
   * @param maxBytes a longer record is refused
   */
  public static <R extends SpecificRecord> WireDecoder<R> of(
      Class<R> type, SchemaResolver resolver, int maxBytes) {
    SpecificData model = SpecificData.getForClass(type);
    return new WireDecoder<>(
        model.getSchema(type),
        (writer, reader) -> new StrictReader<>(writer, reader, model),
        EarlierSchemas.before(resolver),
        maxBytes);
  }

  public static <R extends SpecificRecord> WireDecoder<R> of(Class<R> type) {
    return of(type, SchemaResolver.none(), DEFAULT_MAX_BYTES);
  }

  /** Reads one record, which must fill the bytes. */
  public T decode(byte[] bytes) throws DecodeException {
    if (bytes == null || bytes.length == 0) {
      throw new DecodeException(Reason.EMPTY, "the record has no value");
    }
    if (bytes.length > maxBytes) {
      throw new DecodeException(
          Reason.TOO_LARGE, "the record has " + bytes.length + " bytes, the limit is " + maxBytes);
    }
    if (bytes[0] == (byte) 0xC3 && (bytes.length == 1 || bytes[1] == 0x01)) {
      long fingerprint = header(bytes, SINGLE_OBJECT_HEADER).getLong(2);
      return body(bytes, SINGLE_OBJECT_HEADER, byFingerprint(fingerprint));
    }
    if (bytes[0] == 0) {
      int id = header(bytes, CONFLUENT_HEADER).order(ByteOrder.BIG_ENDIAN).getInt(1);
      return body(bytes, CONFLUENT_HEADER, byId(id));
    }
    throw new DecodeException(
        Reason.NOT_AVRO,
        "the record begins with byte 0x%02X: neither Avro's single-object encoding (C3 01) nor "
                .formatted(bytes[0])
            + "Confluent's framing (00)");
  }

  private static ByteBuffer header(byte[] bytes, int length) throws DecodeException {
    if (bytes.length < length) {
      throw new DecodeException(
          Reason.TRUNCATED, "the record ends after " + bytes.length + " bytes of its header");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Schema byFingerprint(long fingerprint) throws DecodeException {
    if (fingerprint == SchemaNormalization.parsingFingerprint64(reader)) {
      return reader;
    }
    return resolver
        .byFingerprint(fingerprint)
        .orElseThrow(
            () ->
                new DecodeException(
                    Reason.UNKNOWN_SCHEMA,
                    "no schema with fingerprint %016x is known: add the writer's schema to the"
                            .formatted(fingerprint)
                        + " configured schema directory"));
  }

  private Schema byId(int id) throws DecodeException {
    return resolver
        .byId(id)
        .orElseThrow(
            () ->
                new DecodeException(
                    Reason.UNKNOWN_SCHEMA,
                    "no schema with registry id "
                        + Integer.toUnsignedString(id)
                        + " is known: add it as "
                        + Integer.toUnsignedString(id)
                        + ".avsc to the configured schema directory"));
  }

  private T body(byte[] bytes, int offset, Schema writer) throws DecodeException {
    // Avro believes no length inside the record before so many bytes are there.
    BinaryDecoder in =
        DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
    try {
      T record = readers.computeIfAbsent(writer, w -> factory.create(w, reader)).read(null, in);
      if (!in.isEnd()) {
        throw new DecodeException(Reason.TRAILING_BYTES, "bytes follow the record's end");
      }
      return record;
    } catch (EOFException e) {
      throw new DecodeException(
          Reason.TRUNCATED, "the record ends before its last field does: " + e.getMessage(), e);
    } catch (SystemLimitException e) {
      throw new DecodeException(Reason.TOO_LARGE, "the record is too large: " + e.getMessage(), e);
    } catch (StrictReader.BrokenTextException e) {
      throw new DecodeException(Reason.MALFORMED, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      // Avro reports bad enum and union indices as whatever its arrays throw.
      throw new DecodeException(
          Reason.MALFORMED,
          "the record does not follow its schema " + writer.getName() + ": " + e,
          e);
    }
  }
}
