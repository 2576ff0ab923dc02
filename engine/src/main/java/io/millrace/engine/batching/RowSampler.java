package io.millrace.engine.batching;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.sample.Logprobs;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.TokenSampler;
import java.util.List;

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
    boolean wanted = AnswerLogprobs.wantedBy(parameters);
    if (wanted) {
      System.arraycopy(row, 0, rawRow, 0, row.length);
    }
    int token = sampler.choose(row, parameters, generation.seen(), generation.sequence().length());
    return new SampledToken(token, wanted ? describe(token, parameters) : null);
  }

  private RowLogprobs describe(int token, SamplingParameters parameters) {
    logprobs.load(rawRow);
    int[] top = parameters.topLogprobs() > 0 ? logprobs.top(parameters.topLogprobs()) : new int[0];
    float[] ofTop = new float[top.length];
    for (int rank = 0; rank < top.length; rank++) {
      ofTop[rank] = logprobs.of(top[rank]);
    }
    List<Integer> named = parameters.logprobTokenIds();
    float[] ofNamed = new float[named.size()];
    for (int i = 0; i < ofNamed.length; i++) {
      ofNamed[i] = logprobs.of(named.get(i));
    }
    return new RowLogprobs(logprobs.of(token), top, ofTop, ofNamed);
  }
}
