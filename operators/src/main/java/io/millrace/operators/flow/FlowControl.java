package io.millrace.operators.flow;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.streaming.api.operators.StreamingRuntimeContext;

/**
 * Names the flow from a source to the operator that holds its records, and travels with the job's
 * graph to both. In each JVM all their subtasks meet at one {@link FlowGate}.
 *
 * <p>An operator that has no room must not wait in {@code processElement}: no barrier would pass
 * it. It takes what is under way into its keyed state, and the source stops reading until there is
 * room.
 *
 * @param name the same in all subtasks, and in no other flow
 */
public record FlowControl(String name) implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Map<String, Shared> GATES = new HashMap<>();

  private static final class Shared {
    private final FlowGate gate;
    private int users;

    private Shared(FlowGate gate) {
      this.gate = gate;
    }
  }

  /** A flow of a job that is about to be submitted. */
  public static FlowControl of(String operator) {
    return new FlowControl(operator + "-" + UUID.randomUUID());
  }

  /** This JVM's gate. Whoever takes it gives it back with {@link #release}. */
  FlowGate acquire() {
    synchronized (GATES) {
      Shared shared = GATES.computeIfAbsent(name, n -> new Shared(new FlowGate(n)));
      shared.users++;
      return shared.gate;
    }
  }

  void release() {
    synchronized (GATES) {
      Shared shared = GATES.get(name);
      if (--shared.users == 0) {
        GATES.remove(name);
        shared.gate.close();
      }
    }
  }

  /**
   * Joins an operator's subtask to the flow.
   *
   * @param context of the subtask; over the job's master the JVMs of the job know of each other
   */
  public FlowReporter join(StreamingRuntimeContext context) {
    return join(
        context.getTaskInfo().getIndexOfThisSubtask(),
        FlowTotals.over(context.getGlobalAggregateManager()));
  }

  FlowReporter join(int subtask, FlowExchange exchange) {
    return new FlowReporter(this, acquire(), Integer.toString(subtask), exchange);
  }
}
