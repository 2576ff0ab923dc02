package io.millrace.engine.batching;

import io.millrace.engine.PositionLogprobs;
import io.millrace.engine.TokenLogprob;
import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.sample.Logprobs;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.TokenSampler;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** One thread's sampler and buffers: chooses a token from a row of the latest step. */
final class RowSampler {
  private final ModelRuntime runtime;
  private final TokenSampler sampler;
  private final Logprobs logprobs;
  private final float[] row;

  /** The row before penalties; only filled where log-probabilities are asked for. */
  private final float[] rawRow;

  RowSampler(ModelRuntime runtime, int vocabulary) {
    this.runtime = runtime;
    sampler = new TokenSampler(vocabulary);
    logprobs = new Logprobs(vocabulary);
    row = new float[runtime.logitColumns()];
    rawRow = new float[runtime.logitColumns()];
  }

  SampledToken choose(RunningGeneration generation, int logitRow) {
    runtime.copyLogits(logitRow, row);
    SamplingParameters parameters = generation.sampling();
    boolean wanted = wantsLogprobs(parameters);
    if (wanted) {
      System.arraycopy(row, 0, rawRow, 0, row.length);
    }
    int token = sampler.choose(row, parameters, generation.seen(), generation.sequence().length());
    return new SampledToken(token, wanted ? describe(token, parameters) : null);
  }

  private static boolean wantsLogprobs(SamplingParameters parameters) {
    return parameters.logprobs()
        || parameters.topLogprobs() > 0
        || !parameters.logprobTokenIds().isEmpty();
  }

  private PositionLogprobs describe(int token, SamplingParameters parameters) {
    logprobs.load(rawRow);
    int[] top = parameters.topLogprobs() > 0 ? logprobs.top(parameters.topLogprobs()) : new int[0];
    return new PositionLogprobs(
        logprob(token),
        all(Arrays.stream(top)),
        all(parameters.logprobTokenIds().stream().mapToInt(Integer::intValue)));
  }

  private List<TokenLogprob> all(IntStream ids) {
    return ids.mapToObj(this::logprob).toList();
  }

  private TokenLogprob logprob(int id) {
    return new TokenLogprob(id, logprobs.of(id));
  }
}
