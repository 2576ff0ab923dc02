package io.millrace.operators.documents;

import io.millrace.operators.record.InvalidRequestException;
import io.millrace.operators.record.RequestValidator;
import io.millrace.operators.record.SamplingDefaults;
import io.millrace.schemas.DocumentRequest;
import io.millrace.schemas.SamplingOptions;
import java.io.Serializable;
import java.util.List;

/** Checks what can be said of a document without the model. */
final class DocumentValidator implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Far from the bounds, where adding documents.priority would overflow. */
  private static final int MAX_PRIORITY = 1_000_000;

  /** They are in the summary's record too. */
  private static final int MAX_PAGES = 10_000;

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
    pages(request.getPagesWithoutText());
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

  private static void pages(List<Integer> pages) throws InvalidRequestException {
    if (pages.size() > MAX_PAGES) {
      throw new InvalidRequestException(
          "pages_without_text",
          "has " + pages.size() + " numbers: at most " + MAX_PAGES + " are allowed");
    }
    for (int page : pages) {
      if (page < 1) {
        throw new InvalidRequestException(
            "pages_without_text", "has the number " + page + ": pages are counted from 1");
      }
    }
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
