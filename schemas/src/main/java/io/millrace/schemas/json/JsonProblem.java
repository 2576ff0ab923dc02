package io.millrace.schemas.json;

/** JSON that is no record of ours; the message names the field and the wrong value. */
public final class JsonProblem extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  JsonProblem(String field, String what) {
    super((field.isEmpty() ? "the line" : field) + ": " + what);
  }

  JsonProblem(String message) {
    super(message);
  }

  JsonProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
