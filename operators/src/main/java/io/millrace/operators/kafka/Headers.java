package io.millrace.operators.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers of records on Kafka. */
public final class Headers {
  /** The request that a record answers. */
  public static final String REQUEST_ID = "request-id";

  /** W3C trace context, carried from a request to all of its outputs. */
  public static final String TRACEPARENT = "traceparent";

  private Headers() {}

  static RecordHeaders of(String requestId, String traceparent) {
    RecordHeaders headers = new RecordHeaders();
    if (requestId != null) {
      headers.add(REQUEST_ID, requestId.getBytes(StandardCharsets.UTF_8));
    }
    if (traceparent != null) {
      headers.add(TRACEPARENT, traceparent.getBytes(StandardCharsets.US_ASCII));
    }
    return headers;
  }
}
