package io.millrace.engine;

import io.millrace.engine.sample.SamplingParameters;
import java.util.Objects;

/**
 * One prompt to complete.
 *
 * @param id names the request in logs and errors
 * @param prompt token ids to prefill; never empty, never longer than the model's context minus one
 * @param sampling how to choose tokens and when to stop
 * @param priority higher starts earlier, and takes its place from lower ones
 * @param tenant whom it counts for: the tenants of one priority share the engine by tokens
 * @param deadlineEpochMillis judged against the engine's clock at every step; 0 means none
 */
public record GenerationRequest(
    String id,
    int[] prompt,
    SamplingParameters sampling,
    int priority,
    String tenant,
    long deadlineEpochMillis) {
  public GenerationRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(sampling, "sampling");
    Objects.requireNonNull(tenant, "tenant");
  }

  /** A request where there is nobody to share with. */
  public GenerationRequest(
      String id,
      int[] prompt,
      SamplingParameters sampling,
      int priority,
      long deadlineEpochMillis) {
    this(id, prompt, sampling, priority, "", deadlineEpochMillis);
  }
}
