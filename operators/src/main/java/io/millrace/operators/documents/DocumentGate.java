package io.millrace.operators.documents;

import io.millrace.operators.DeadLetters;
import io.millrace.operators.InvalidRequestException;
import io.millrace.operators.Outputs;
import io.millrace.operators.SamplingDefaults;
import io.millrace.operators.Traced;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.TrustedRecords;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Lets valid documents through and turns all other records into dead letters. */
public final class DocumentGate extends ProcessFunction<SourceDocument, SourceDocument> {
  private static final long serialVersionUID = 1L;

  static {
    TrustedRecords.register();
  }

  private final DocumentValidator validator;

  public DocumentGate(SamplingDefaults sampling) {
    this.validator = new DocumentValidator(sampling);
  }

  @Override
  public void processElement(
      SourceDocument document, Context context, Collector<SourceDocument> out) {
    DocumentRequest request = document.request();
    if (request == null) {
      context.output(
          Outputs.DEAD_LETTERS, letter(document, null, DeadLetterStage.DECODE, document.error()));
      return;
    }
    try {
      validator.check(request);
    } catch (InvalidRequestException e) {
      context.output(
          Outputs.DEAD_LETTERS,
          letter(document, request.getDocumentId(), DeadLetterStage.VALIDATE, e.getMessage()));
      return;
    }
    out.collect(document);
  }

  private static Traced<DeadLetter> letter(
      SourceDocument document, String documentId, DeadLetterStage stage, String error) {
    return DeadLetters.of(document.origin(), documentId, null, stage, error);
  }
}
