package io.millrace.engine;

/** A handle on a running generation. */
public interface Generation {

  /**
   * Asks the engine to stop: the listener then hears {@link FinishReason#CANCELLED} with what was
   * generated so far, unless the generation had ended already. Returns at once.
   */
  void cancel();
}
