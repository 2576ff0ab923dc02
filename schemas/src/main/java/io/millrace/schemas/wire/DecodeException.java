package io.millrace.schemas.wire;

/** Bytes that are no record of the expected kind; says what is wrong with them. */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the bytes. */
  public enum Reason {
    /** There are no bytes at all. */
    EMPTY,
    /** They begin with no framing that we know. */
    NOT_AVRO,
    /** The framing names a schema that nobody told us about. */
    UNKNOWN_SCHEMA,
    /** They end before the record does. */
    TRUNCATED,
    /** The record ends before they do. */
    TRAILING_BYTES,
    /** The record, or a length claimed inside it, is larger than what is allowed or there. */
    TOO_LARGE,
    /** They do not follow the schema that they name. */
    MALFORMED
  }

  private final Reason reason;

  DecodeException(Reason reason, String message) {
    this(reason, message, null);
  }

  DecodeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
