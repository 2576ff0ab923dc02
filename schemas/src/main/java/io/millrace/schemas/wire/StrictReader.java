package io.millrace.schemas.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.ResolvingDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.util.Utf8;

/**
 * Reads records whose strings are UTF-8. Avro itself puts U+FFFD in place of what is not, so that
 * two different ids could become one and a text another.
 */
final class StrictReader<T> extends SpecificDatumReader<T> {

  /** A string that is no UTF-8; the message names the field. */
  static final class BrokenTextException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String problem;

    private BrokenTextException(String field, String problem) {
      super(field + " " + problem);
      this.field = field;
      this.problem = problem;
    }

    private BrokenTextException inside(String outer) {
      return new BrokenTextException(field.isEmpty() ? outer : outer + "." + field, problem);
    }
  }

  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  StrictReader(Schema writer, Schema reader, SpecificData model) {
    super(writer, reader, withoutFastReader(model));
  }

  // Avro's fast reader does not ask the methods below.
  private static SpecificData withoutFastReader(SpecificData model) {
    SpecificData own = new SpecificData(model.getClassLoader());
    model.getConversions().forEach(own::addLogicalTypeConversion);
    own.setFastReaderEnabled(false);
    return own;
  }

  @Override
  protected void readField(
      Object record, Schema.Field field, Object old, ResolvingDecoder in, Object state)
      throws IOException {
    try {
      super.readField(record, field, old, in, state);
    } catch (BrokenTextException e) {
      throw e.inside(field.name());
    }
  }

  @Override
  protected Object readString(Object old, Schema expected, Decoder in) throws IOException {
    return text(in.readString(null));
  }

  @Override
  protected Object readMapKey(Object old, Schema expected, Decoder in) throws IOException {
    return text(in.readString(null));
  }

  private String text(Utf8 read) throws BrokenTextException {
    ByteBuffer bytes = ByteBuffer.wrap(read.getBytes(), 0, read.getByteLength());
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CoderResult result = utf8.reset().decode(bytes, text, true);
    if (result.isError()) {
      throw new BrokenTextException(
          "",
          "is no UTF-8: its byte %d is 0x%02X; send UTF-8 without half surrogate pairs"
              .formatted(bytes.position(), bytes.get(bytes.position())));
    }
    return text.flip().toString();
  }
}
