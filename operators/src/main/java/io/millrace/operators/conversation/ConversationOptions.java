package io.millrace.operators.conversation;

import io.millrace.operators.record.SamplingDefaults;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How the conversation operator works: {@code conversation.*} of the settings.
 *
 * @param maxBuffered requests that one subtask holds, running and queued, before the source stops
 *     reading
 * @param maxBufferedBytes bytes that the records of these requests may have together
 * @param idleTimeout a conversation without a request for so long is forgotten
 * @param rememberedRequests latest request ids of a conversation whose repetition is recognised
 * @param maxAttempts a turn that the engine failed on so often becomes a dead letter
 * @param retryBackoff wait before the second attempt; doubles with every further one
 * @param sampling what a request's sampling takes where it says nothing
 */
public record ConversationOptions(
    int maxBuffered,
    long maxBufferedBytes,
    Duration idleTimeout,
    int rememberedRequests,
    int maxAttempts,
    Duration retryBackoff,
    SamplingDefaults sampling)
    implements Serializable {

  public ConversationOptions {
    atLeastOne("maxBuffered", maxBuffered);
    atLeastOne("maxBufferedBytes", maxBufferedBytes);
    atLeastOne("rememberedRequests", rememberedRequests);
    atLeastOne("maxAttempts", maxAttempts);
    atLeastOne("idleTimeout (ms)", idleTimeout.toMillis());
    atLeastOne("retryBackoff (ms)", retryBackoff.toMillis());
    Objects.requireNonNull(sampling, "sampling");
  }

  public static ConversationOptions defaults() {
    return new ConversationOptions(
        1000,
        64 << 20,
        Duration.ofHours(24),
        256,
        3,
        Duration.ofMillis(200),
        SamplingDefaults.standard());
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be at least 1");
    }
  }
}
