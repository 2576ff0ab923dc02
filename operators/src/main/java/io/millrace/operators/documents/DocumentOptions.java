package io.millrace.operators.documents;

import io.millrace.operators.record.SamplingDefaults;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How the document operator works: {@code documents.*} of the settings.
 *
 * @param chunkTokens longest part of a document, and longest input of a combination; 0 for all that
 *     fits the context beside prompt and answer, {@link #AUTO} for what suits the model
 * @param overlapTokens tokens at the end of a part that the next begins with again
 * @param maxNewTokens longest partial summary and longest summary where a request's sampling says
 *     nothing; {@link #AUTO} for what suits the model
 * @param maxBuffered documents that one subtask holds before the source stops reading
 * @param maxBufferedBytes bytes that these documents may have together
 * @param rememberedFor a document that comes again so long after its summary is recognised
 * @param maxAttempts a document with a prompt that the engine failed on so often is a dead letter
 * @param retryBackoff wait before the second attempt; doubles with every further one
 * @param priority is added to that of each document
 * @param sampling what else a request's sampling takes where it says nothing
 * @param prompts the instructions of each language
 */
public record DocumentOptions(
    SummaryStrategy strategy,
    int chunkTokens,
    int overlapTokens,
    int maxNewTokens,
    int maxBuffered,
    long maxBufferedBytes,
    Duration rememberedFor,
    int maxAttempts,
    Duration retryBackoff,
    int priority,
    SamplingDefaults sampling,
    Map<SummaryLanguage, SummaryPrompts> prompts)
    implements Serializable {

  /** A size that follows from the model. */
  public static final int AUTO = -1;

  public DocumentOptions {
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(sampling, "sampling");
    if (chunkTokens != AUTO) {
      atLeast(0, "documents.chunk-tokens", chunkTokens);
    }
    if (maxNewTokens != AUTO) {
      atLeast(1, "documents.max-new-tokens", maxNewTokens);
    }
    atLeast(0, "documents.overlap-tokens", overlapTokens);
    atLeast(1, "documents.max-buffered", maxBuffered);
    atLeast(1, "documents.max-buffered-size (bytes)", maxBufferedBytes);
    atLeast(1, "documents.remembered-for (ms)", rememberedFor.toMillis());
    atLeast(1, "retry.attempts", maxAttempts);
    atLeast(1, "retry.backoff (ms)", retryBackoff.toMillis());
    // In one order always: a run's work is told by the text of its options.
    prompts = Collections.unmodifiableMap(new TreeMap<>(prompts));
    for (SummaryLanguage language : SummaryLanguage.values()) {
      Objects.requireNonNull(prompts.get(language), () -> "prompts of " + language);
    }
  }

  private static void atLeast(int min, String name, long value) {
    if (value < min) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be at least " + min);
    }
  }
}
