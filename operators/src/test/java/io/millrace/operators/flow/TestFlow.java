package io.millrace.operators.flow;

/** A flow whose gate a test looks at. */
public final class TestFlow {
  private final FlowControl control = FlowControl.of("test");

  public FlowControl control() {
    return control;
  }

  /** Whether a source may read on. */
  public boolean isOpen() {
    FlowGate gate = control.acquire();
    try {
      return gate.isOpen();
    } finally {
      control.release();
    }
  }
}
