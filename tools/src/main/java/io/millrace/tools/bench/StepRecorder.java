package io.millrace.tools.bench;

import io.millrace.engine.StepListener;
import io.millrace.engine.runtime.StepTimings;
import io.millrace.engine.runtime.StepTimings.Part;

/** Adds up the steps that count for one run. */
final class StepRecorder implements StepListener {

  /** Which steps count. */
  @FunctionalInterface
  interface Filter {
    boolean counts(int decodes, int promptTokens);
  }

  private static final Part[] PARTS = Part.values();

  private final Filter filter;
  private final long[] nanos = new long[PARTS.length];
  private int steps;
  private long tokens;
  private long generated;

  StepRecorder(Filter filter) {
    this.filter = filter;
  }

  @Override
  public synchronized void onStep(
      StepTimings timings, int decodes, int promptTokens, int generatedNow) {
    if (filter.counts(decodes, promptTokens)) {
      for (Part part : PARTS) {
        nanos[part.ordinal()] += timings.nanos(part);
      }
      steps++;
      tokens += promptTokens > 0 ? promptTokens : generatedNow;
    }
    generated += generatedNow;
    notifyAll();
  }

  /** Waits for the step that brought the run's last token: listeners of answers hear it earlier. */
  synchronized RunResult await(long expected) throws InterruptedException {
    while (generated < expected) {
      wait();
    }
    if (steps == 0) {
      throw new IllegalStateException(
          "no step decoded all sequences together: raise --new-tokens, or lower --sequences");
    }
    return new RunResult(steps, (double) tokens / steps, Split.of(nanos, steps));
  }
}
