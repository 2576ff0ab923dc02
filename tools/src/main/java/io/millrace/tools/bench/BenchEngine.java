package io.millrace.tools.bench;

import io.millrace.engine.EngineOptions;
import io.millrace.engine.GenerationFuture;
import io.millrace.engine.GenerationRequest;
import io.millrace.engine.assembly.Engines;
import io.millrace.engine.batching.ContinuousBatchingEngine;
import io.millrace.engine.model.PreparedModel;
import io.millrace.engine.sample.SamplingParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** An engine under measurement, with random prompts of one length whose KV is there already. */
final class BenchEngine implements AutoCloseable {
  static final int WARM_UP_TOKENS = 32;

  private final SplittableRandom random = new SplittableRandom(42);
  private final int vocabulary;
  private final List<int[]> prompts;
  private final ContinuousBatchingEngine engine;

  BenchEngine(EngineOptions options, int sequences, int context) throws IOException {
    vocabulary =
        PreparedModel.open(Path.of(options.modelDirectory()))
            .manifest()
            .tokenizer()
            .vocabularySize();
    prompts = prompts(sequences, context);
    engine = Engines.open(options, prompts);
  }

  /** Counts the steps in which all sequences decode. */
  RunResult decode(int newTokens) throws InterruptedException {
    int sequences = prompts.size();
    return run(
        prompts, newTokens, (decodes, promptTokens) -> decodes == sequences && promptTokens == 0);
  }

  /** Counts the steps that compute prompts, which nothing is known of. */
  RunResult prefill(int count, int length) throws InterruptedException {
    return run(prompts(count, length), 1, (decodes, promptTokens) -> promptTokens > 0);
  }

  private List<int[]> prompts(int count, int length) {
    List<int[]> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(random.ints(length, 0, vocabulary).toArray());
    }
    return made;
  }

  private RunResult run(List<int[]> batch, int newTokens, StepRecorder.Filter filter)
      throws InterruptedException {
    StepRecorder recorder = new StepRecorder(filter);
    SamplingParameters sampling =
        SamplingParameters.builder().temperature(0).maxNewTokens(newTokens).ignoreEos(true).build();
    List<GenerationFuture> ends = batch.stream().map(prompt -> new GenerationFuture()).toList();
    // Submitted one by one from here the first would start alone; the engine's own thread finds
    // all that it submitted itself when it plans its next step.
    engine.observe(
        (timings, decodes, promptTokens, generated) -> {
          engine.observe(recorder);
          for (int i = 0; i < batch.size(); i++) {
            submit(batch.get(i), sampling, ends.get(i));
          }
        });
    submit(new int[] {0}, SamplingParameters.greedy(1), new GenerationFuture());
    ends.forEach(GenerationFuture::join);
    return recorder.await((long) batch.size() * newTokens);
  }

  private void submit(int[] prompt, SamplingParameters sampling, GenerationFuture end) {
    try {
      engine.submit(new GenerationRequest("bench", prompt, sampling, 0, 0), end);
    } catch (RuntimeException e) {
      end.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
