package io.millrace.operators.documents;

import io.millrace.operators.record.CountersBy;
import io.millrace.operators.record.DeadLetterCounters;
import io.millrace.operators.record.DeadLetters;
import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.Outputs;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.schemas.DeadLetterStage;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.TrustedRecords;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Lets valid documents through and turns all other records into dead letters. */
public final class DocumentValidateFunction
    extends ProcessFunction<SourceDocument, SourceDocument> {
  private static final long serialVersionUID = 1L;

  static {
    TrustedRecords.register();
  }

  private final DocumentValidator validator;
  private transient CountersBy<DeadLetterStage> deadLetters;

  public DocumentValidateFunction(SamplingDefaults sampling) {
    this.validator = new DocumentValidator(sampling);
  }

  @Override
  public void open(OpenContext context) {
    deadLetters = DeadLetterCounters.of(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(
      SourceDocument document, Context context, Collector<SourceDocument> out) {
    DocumentRequest request = document.request();
    if (request == null) {
      deadLetter(document, null, DeadLetterStage.DECODE, document.error(), context);
      return;
    }
    try {
      validator.check(request);
    } catch (InvalidRequestException e) {
      deadLetter(
          document, request.getDocumentId(), DeadLetterStage.VALIDATE, e.getMessage(), context);
      return;
    }
    out.collect(document);
  }

  private void deadLetter(
      SourceDocument document,
      String documentId,
      DeadLetterStage stage,
      String error,
      Context context) {
    deadLetters.inc(stage);
    context.output(
        Outputs.DEAD_LETTERS, DeadLetters.of(document.origin(), documentId, null, stage, error));
  }
}
