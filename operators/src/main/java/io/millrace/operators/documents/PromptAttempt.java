package io.millrace.operators.documents;

import io.millrace.engine.GenerationRequest;
import io.millrace.operators.serving.Attempt;

/** An attempt at a prompt of a document. */
record PromptAttempt(GenerationRequest generation, int failures, boolean suspect)
    implements Attempt {

  @Override
  public boolean streams() {
    return false;
  }
}
