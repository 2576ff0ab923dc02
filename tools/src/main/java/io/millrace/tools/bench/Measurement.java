package io.millrace.tools.bench;

/**
 * One line of the result.
 *
 * @param sequences that decode together, or prompts that are prefilled
 * @param context tokens of each
 * @param bound the least time of its step on this machine
 */
record Measurement(int sequences, int context, Runs runs, StepCost.Bound bound) {

  /** The bound's share of the time that a step took: 1 is as fast as this machine can be. */
  double reached() {
    return bound.totalMs() / runs.median().split().totalMs();
  }

  /** Tokens per second if every step took only the bound's time. */
  double boundTokensPerSecond() {
    return runs.median().tokensPerStep() / bound.totalMs() * 1000;
  }
}
