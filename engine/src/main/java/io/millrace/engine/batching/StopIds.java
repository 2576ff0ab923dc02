package io.millrace.engine.batching;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.sample.SamplingParameters;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ids that end an answer: the request's own, and the model's unless it asked to ignore them.
 */
final class StopIds {
  private final int[] modelIds;

  StopIds(Manifest manifest, ChatFormat chatFormat) {
    modelIds =
        Stream.of(manifest.stopIds(), chatFormat.stopIds())
            .flatMap(Collection::stream)
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** Sorted, for a binary search. */
  int[] of(SamplingParameters parameters) {
    IntStream own = parameters.stopIds().stream().mapToInt(Integer::intValue);
    IntStream all = parameters.ignoreEos() ? own : IntStream.concat(own, Arrays.stream(modelIds));
    return all.sorted().distinct().toArray();
  }
}
