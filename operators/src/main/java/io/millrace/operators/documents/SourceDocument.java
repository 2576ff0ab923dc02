package io.millrace.operators.documents;

import io.millrace.operators.record.RecordOrigin;
import io.millrace.schemas.DocumentRequest;

/**
 * A document as it came from its source: the request, or why there is none.
 *
 * @param request null where the record could not be decoded
 * @param error why it could not be decoded; null where it could
 */
public record SourceDocument(DocumentRequest request, String error, RecordOrigin origin) {

  /** Length of the record, or where there was none, of the text in characters. */
  long size() {
    int record = origin.bytes();
    return record > 0 ? record : request.getText().length();
  }

  /** The key of the stream. */
  public String documentId() {
    return request.getDocumentId();
  }
}
