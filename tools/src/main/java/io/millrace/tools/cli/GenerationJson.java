package io.millrace.tools.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.PositionLogprobs;
import java.util.List;
import java.util.Locale;

/** A finished generation with the field names of the completion records. */
@JsonPropertyOrder({
  "text",
  "tokens",
  "finish_reason",
  "usage",
  "timings",
  "model",
  "model_fingerprint",
  "logprobs"
})
record GenerationJson(
    String text,
    int[] tokens,
    @JsonProperty("finish_reason") String finishReason,
    Usage usage,
    Timings timings,
    String model,
    @JsonProperty("model_fingerprint") String modelFingerprint,
    List<PositionLogprobs> logprobs) {

  record Usage(
      @JsonProperty("prompt_tokens") int promptTokens,
      @JsonProperty("cached_tokens") int cachedTokens,
      @JsonProperty("completion_tokens") int completionTokens,
      @JsonProperty("dropped_turns") int droppedTurns,
      @JsonProperty("drafted_tokens") int draftedTokens,
      @JsonProperty("accepted_tokens") int acceptedTokens) {}

  record Timings(
      @JsonProperty("queued_ms") double queuedMillis,
      @JsonProperty("first_token_ms") double firstTokenMillis,
      @JsonProperty("total_ms") double totalMillis) {}

  static GenerationJson of(
      GenerationResult result, int droppedTurns, String model, String fingerprint) {
    return new GenerationJson(
        result.text(),
        result.tokens(),
        result.finishReason().name().toLowerCase(Locale.ROOT),
        new Usage(
            result.usage().promptTokens(),
            result.usage().cachedTokens(),
            result.usage().completionTokens(),
            droppedTurns,
            result.usage().draftedTokens(),
            result.usage().acceptedTokens()),
        new Timings(
            result.timings().queuedMillis(),
            result.timings().firstTokenMillis(),
            result.timings().totalMillis()),
        model,
        fingerprint,
        result.logprobs());
  }
}
