package io.millrace.engine;

import io.millrace.engine.runtime.KvType;
import io.millrace.engine.schedule.draft.Drafting;
import java.io.Serializable;
import java.util.Objects;

/**
 * What an engine is opened with.
 *
 * @param modelDirectory the prepared model's directory
 * @param threads threads of the model's maths; 0 takes the machine's cores
 * @param maxRunning sequences in one batch at most
 * @param maxBatchTokens tokens in one step at most: the prefill budget
 * @param minPrefillTokens prefill tokens that a step takes at least while prompts wait, and at most
 *     of a tenant that uses far more than others do
 * @param kvCacheBytes size of the KV pool, in bytes
 * @param kvType number format of the KV pool
 * @param maxSequenceLength longest sequence; 0 takes the model's
 * @param spin whether idle threads of the model's maths spin before they park
 * @param drafting how tokens are guessed where a request wants it
 */
public record EngineOptions(
    String modelDirectory,
    int threads,
    int maxRunning,
    int maxBatchTokens,
    int minPrefillTokens,
    long kvCacheBytes,
    KvType kvType,
    int maxSequenceLength,
    boolean spin,
    Drafting drafting)
    implements Serializable {

  public EngineOptions {
    Objects.requireNonNull(modelDirectory, "modelDirectory");
    Objects.requireNonNull(kvType, "kvType");
    Objects.requireNonNull(drafting, "drafting");
  }

  public static EngineOptions defaults(String modelDirectory) {
    return new EngineOptions(
        modelDirectory, 0, 64, 512, 32, 256L << 20, KvType.FP32, 0, false, Drafting.STANDARD);
  }
}
