package io.millrace.tools.chaos;

import io.millrace.schemas.ConversationRequest;
import io.millrace.schemas.RequestKind;
import io.millrace.schemas.SamplingOptions;
import io.millrace.schemas.TrustedRecords;

/**
 * One request of a script.
 *
 * @param text what the user says; null for a RESET or CANCEL
 */
record Step(
    RequestKind kind,
    String text,
    double temperature,
    long seed,
    int maxNewTokens,
    boolean stream) {
  static final double TOP_P = 0.95;

  static {
    TrustedRecords.register();
  }

  static Step command(RequestKind kind) {
    return new Step(kind, null, 0, 0, 0, false);
  }

  boolean isTurn() {
    return kind == RequestKind.TURN;
  }

  /**
   * As a request; it says by itself all that its answer depends on, whatever the job's defaults.
   */
  ConversationRequest request(String conversation, String id) {
    ConversationRequest.Builder request =
        ConversationRequest.newBuilder()
            .setConversationId(conversation)
            .setRequestId(id)
            .setKind(kind);
    if (kind == RequestKind.CANCEL) {
      // Names no request that there is: its confirmation is all that it does.
      request.setCancelRequestId(id);
    }
    if (isTurn()) {
      request.setText(text).setStream(stream).setSampling(sampling());
    }
    return request.build();
  }

  private SamplingOptions sampling() {
    return SamplingOptions.newBuilder()
        .setTemperature(temperature)
        .setTopK(0)
        .setTopP(TOP_P)
        .setMinP(0.0)
        .setRepetitionPenalty(1.0)
        .setPresencePenalty(0.0)
        .setFrequencyPenalty(0.0)
        .setSeed(seed)
        .setMaxNewTokens(maxNewTokens)
        .setIgnoreEos(true)
        .build();
  }
}
