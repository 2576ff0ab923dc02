package io.millrace.tools.bench;

/**
 * One run's steps, averaged.
 *
 * @param steps that counted
 * @param tokensPerStep that an average step computed
 */
record RunResult(int steps, double tokensPerStep, Split split) {

  double tokensPerSecond() {
    return tokensPerStep / split.totalMs() * 1000;
  }
}
