package io.millrace.engine;

import io.millrace.engine.runtime.StepTimings;

/** Hears of every step when it is over, on the engine's own thread: it returns at once. */
@FunctionalInterface
public interface StepListener {

  /**
   * @param timings of this step; the engine uses the object again for the next
   * @param decodes sequences past their prompts that the step took further
   * @param promptTokens tokens of prompts that the step computed
   * @param generated tokens that came out
   */
  void onStep(StepTimings timings, int decodes, int promptTokens, int generated);
}
