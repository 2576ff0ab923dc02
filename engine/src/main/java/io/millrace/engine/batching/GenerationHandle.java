package io.millrace.engine.batching;

import io.millrace.engine.Generation;

/**
 * What whoever submitted a generation holds, perhaps long after its end. It leads to nothing of the
 * engine that costs memory, and to the generation only while that runs.
 */
final class GenerationHandle implements Generation {
  private final EngineCommands inbox;
  private volatile RunningGeneration generation;

  GenerationHandle(EngineCommands inbox) {
    this.inbox = inbox;
  }

  void begin(RunningGeneration its) {
    generation = its;
  }

  void end() {
    generation = null;
  }

  @Override
  public void cancel() {
    RunningGeneration running = generation;
    if (running != null) {
      inbox.put(running, true);
    }
  }
}
