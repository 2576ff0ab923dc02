package io.millrace.operators.kafka;

import io.millrace.operators.documents.SourceDocument;
import io.millrace.operators.record.RecordOrigin;
import io.millrace.schemas.DocumentRequest;

/** Reads documents from Kafka. */
public final class DocumentDeserializer
    extends RecordDeserializer<DocumentRequest, SourceDocument> {
  private static final long serialVersionUID = 1L;

  /**
   * @param schemaDirectory holds other writers' schemas as ID.avsc; null where there are none
   * @param maxBytes a longer record, its key included, becomes a dead letter without its bytes
   */
  public DocumentDeserializer(String schemaDirectory, int maxBytes) {
    super(DocumentRequest.class, SourceDocument.class, schemaDirectory, maxBytes);
  }

  @Override
  SourceDocument element(DocumentRequest request, String error, RecordOrigin origin) {
    return new SourceDocument(request, error, origin);
  }
}
