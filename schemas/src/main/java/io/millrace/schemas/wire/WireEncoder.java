package io.millrace.schemas.wire;

import io.millrace.schemas.TrustedRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Writes records in Avro's single-object encoding: C3 01, the schema's fingerprint, the record. */
public final class WireEncoder<T extends SpecificRecord> {
  static {
    TrustedRecords.register();
  }

  private final BinaryMessageEncoder<T> encoder;

  private WireEncoder(BinaryMessageEncoder<T> encoder) {
    this.encoder = encoder;
  }

  public static <R extends SpecificRecord> WireEncoder<R> of(Class<R> type) {
    SpecificData model = SpecificData.getForClass(type);
    return new WireEncoder<>(new BinaryMessageEncoder<>(model, model.getSchema(type)));
  }

  public byte[] encode(T record) {
    try {
      ByteBuffer buffer = encoder.encode(record);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
