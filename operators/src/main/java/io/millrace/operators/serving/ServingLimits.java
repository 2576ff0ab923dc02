package io.millrace.operators.serving;

import java.io.Serializable;
import java.time.Duration;

/**
 * What an operator holds and how often it tries.
 *
 * @param maxBuffered records that one subtask holds before the source stops reading
 * @param maxBufferedBytes bytes that these may have together
 * @param maxAttempts what the engine failed on so often becomes a dead letter
 * @param retryBackoff wait before the second attempt; doubles with every further one
 */
public record ServingLimits(
    int maxBuffered, long maxBufferedBytes, int maxAttempts, Duration retryBackoff)
    implements Serializable {}
