package io.millrace.engine;

import java.util.List;

/**
 * The end of one generation.
 *
 * @param tokens the generated ids without the stop token; decoding them gives at least {@code text}
 * @param text the answer, cut before a stop string
 * @param logprobs one entry per generated token where the request asked for them, otherwise empty
 */
public record GenerationResult(
    int[] tokens,
    String text,
    FinishReason finishReason,
    Usage usage,
    Timings timings,
    List<PositionLogprobs> logprobs) {}
