package io.millrace.engine.batching;

import java.util.ArrayList;
import java.util.List;

/** What other threads ask of the engine's own; a closed inbox takes nothing more. */
final class EngineCommands {

  /**
   * @param generation whom it concerns
   * @param cancel whether to end it; otherwise it is new
   */
  record Message(RunningGeneration generation, boolean cancel) {}

  private List<Message> messages = new ArrayList<>();
  private boolean closed;

  /** False if the inbox is closed. */
  synchronized boolean put(RunningGeneration generation, boolean cancel) {
    if (closed) {
      return false;
    }
    messages.add(new Message(generation, cancel));
    notifyAll();
    return true;
  }

  /**
   * Takes all messages in order; with {@code wait} parks until there is one or the inbox is closed.
   */
  synchronized List<Message> take(boolean wait) {
    boolean interrupted = false;
    while (wait && messages.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // The engine's thread ends by close() alone: an interrupt is nobody's way to stop it.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    List<Message> taken = messages;
    messages = new ArrayList<>();
    return taken;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }
}
