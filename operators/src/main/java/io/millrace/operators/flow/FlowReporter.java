package io.millrace.operators.flow;

/** What one subtask of an operator says of what it holds. */
public final class FlowReporter implements AutoCloseable {
  private final FlowControl control;
  private final FlowGate gate;
  private final String subtask;
  private long held;
  private boolean full;
  private boolean closed;

  FlowReporter(FlowControl control, FlowGate gate, String subtask, FlowExchange exchange) {
    this.control = control;
    this.gate = gate;
    this.subtask = subtask;
    gate.join(subtask, this, exchange);
  }

  /**
   * Says what the subtask holds now; cheap where nothing has changed.
   *
   * @param held records
   * @param full whether the source had better not read on
   */
  public void report(long held, boolean full) {
    if (held != this.held || full != this.full) {
      this.held = held;
      this.full = full;
      gate.report(subtask, this, held, full);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gate.leave(subtask, this);
      control.release();
    }
  }
}
