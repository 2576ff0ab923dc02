package io.millrace.operators.record;

/** A request whose field has a wrong value. */
public final class InvalidRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;

  /** With a message that begins with the field. */
  public InvalidRequestException(String message) {
    super(message);
    this.field = message.substring(0, message.indexOf(' '));
  }

  public InvalidRequestException(String field, String problem) {
    super(field + " " + problem);
    this.field = field;
  }

  /** Name of the wrong field as in docs/formats.md. */
  public String field() {
    return field;
  }
}
