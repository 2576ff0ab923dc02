package io.millrace.operators.documents;

import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.SamplingOptions;
import java.io.Serializable;

/** Checks what can be said of a document without the model. */
final class DocumentValidator implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Far from the bounds, where adding documents.priority would overflow. */
  private static final int MAX_PRIORITY = 1_000_000;

  private final SamplingDefaults sampling;

  DocumentValidator(SamplingDefaults sampling) {
    this.sampling = sampling;
  }

  /**
   * @throws InvalidRequestException at the first wrong field
   */
  void check(DocumentRequest request) throws InvalidRequestException {
    RequestValidator.id("document_id", request.getDocumentId(), 1);
    RequestValidator.id("tenant", request.getTenant(), 0);
    RequestValidator.id("title", request.getTitle() == null ? "" : request.getTitle(), 0);
    RequestValidator.metadata(request.getMetadata());
    if (request.getText().isBlank()) {
      throw new InvalidRequestException("text", "is blank: there is nothing to summarise");
    }
    String language = request.getLanguage();
    if (language != null && SummaryLanguage.ofTag(language).isEmpty()) {
      throw new InvalidRequestException(
          "language", "is not English or Chinese: send a tag such as en or zh-Hans, or null");
    }
    int priority = request.getPriority();
    if (Math.abs((long) priority) > MAX_PRIORITY) {
      throw new InvalidRequestException(
          "priority", "is " + priority + ": it must be -1000000 to 1000000");
    }
    sampling(request.getSampling());
  }

  private void sampling(SamplingOptions options) throws InvalidRequestException {
    try {
      sampling.resolve(options, 0);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("sampling:", e.getMessage());
    }
    if (options != null && (options.getLogprobs() || options.getTopLogprobs() > 0)) {
      throw new InvalidRequestException(
          "sampling.logprobs", "is asked for, but a summary has none: leave it out");
    }
  }
}
