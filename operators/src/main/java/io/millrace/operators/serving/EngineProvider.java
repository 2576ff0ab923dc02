package io.millrace.operators.serving;

import io.millrace.engine.Engine;
import java.io.Serializable;

/** Gives a task its engine; travels with the job's graph to where the task runs. */
@FunctionalInterface
public interface EngineProvider extends Serializable {

  /**
   * Opens or joins an engine. The caller closes what it got, once; an engine that several tasks
   * share lives until the last of them has done so.
   */
  Engine acquire() throws Exception;
}
