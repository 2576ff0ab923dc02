package io.millrace.operators.serving;

import io.millrace.engine.GenerationRequest;
import io.millrace.operators.record.SafeText;

/** One attempt at an answer, and what the operator's state knows of those before it. */
public interface Attempt {

  /** What the engine is asked. */
  GenerationRequest generation();

  /** Whether the operator hears the text as it comes. */
  boolean streams();

  /** How many attempts failed before this one. */
  int failures();

  /** Whether an engine died during one of them, so that this one has the engine to itself. */
  boolean suspect();

  /** How logs name it. */
  default String name() {
    return SafeText.value(generation().id());
  }
}
