package io.millrace.tools.bench;

import io.millrace.engine.Engine;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.GenerationResult;
import io.millrace.engine.sample.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Prompts of random tokens, and their answers by an engine. */
final class RandomPrompts {
  private final Engine engine;
  private final SplittableRandom random = new SplittableRandom(42);

  RandomPrompts(Engine engine) {
    this.engine = engine;
  }

  int[] random(int length) {
    return random.ints(length, 0, engine.tokenizer().vocabularySize()).toArray();
  }

  /** The tokens followed by new random ones. */
  int[] continued(int[] tokens, int more) {
    return join(tokens, random(more));
  }

  static int[] join(int[] first, int[] second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** Submits all and waits for the results, in order. */
  List<GenerationResult> answer(List<int[]> prompts, SamplingParameters sampling) {
    return answer(
        engine,
        prompts.stream()
            .map(prompt -> new GenerationRequest("bench", prompt, sampling, 0, 0))
            .toList());
  }

  /** Submits all and waits for the results, in order. */
  static List<GenerationResult> answer(Engine engine, List<GenerationRequest> requests) {
    return requests.stream()
        .map(request -> GenerationFuture.submit(engine, request))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }
}
