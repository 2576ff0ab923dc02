package io.millrace.engine;

import io.millrace.engine.runtime.ModelRuntime;
import io.millrace.engine.sample.Logprobs;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.sample.TokenSampler;
import io.millrace.engine.schedule.Chunk;
import io.millrace.engine.schedule.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Chooses a generation's next tokens from rows of the latest step. */
final class NextToken {
  private final ModelRuntime runtime;
  private final TokenSampler sampler;
  private final Logprobs logprobs;
  private final float[] row;

  /** The row before penalties; only filled where log-probabilities are asked for. */
  private final float[] rawRow;

  NextToken(ModelRuntime runtime, int vocabulary) {
    this.runtime = runtime;
    sampler = new TokenSampler(vocabulary);
    logprobs = new Logprobs(vocabulary);
    row = new float[runtime.logitColumns()];
    rawRow = new float[runtime.logitColumns()];
  }

  /**
   * Chooses the next token and, as long as the draft foresaw what is chosen, the one after it: each
   * from the same logits, at the same position and after the same tokens as without a draft.
   *
   * @param firstRow of the chunk's rows of logits
   * @return why the generation is over, or null if it goes on
   */
  FinishReason choose(RunningGeneration generation, Chunk chunk, int firstRow) {
    Sequence sequence = generation.sequence();
    int[] draft = chunk.draft();
    int accepted = 0;
    FinishReason reason = choose(generation, firstRow);
    while (reason == null && accepted < draft.length && sequence.last() == draft[accepted]) {
      accepted++;
      reason = choose(generation, firstRow + accepted);
    }
    sequence.settle(draft, accepted);
    return reason;
  }

  private FinishReason choose(RunningGeneration generation, int logitRow) {
    runtime.copyLogits(logitRow, row);
    SamplingParameters parameters = generation.sampling();
    boolean wanted = wantsLogprobs(parameters);
    if (wanted) {
      System.arraycopy(row, 0, rawRow, 0, row.length);
    }
    int token = sampler.choose(row, parameters, generation.seen(), generation.sequence().length());
    return generation.accept(token, wanted ? describe(token, parameters) : null);
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
