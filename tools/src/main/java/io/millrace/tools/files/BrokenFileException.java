package io.millrace.tools.files;

import java.io.IOException;

/** A file that is damaged, or that becomes more than one may; the message says where. */
final class BrokenFileException extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenFileException(String message) {
    super(message);
  }

  BrokenFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
