package io.millrace.operators.flow;

import java.io.IOException;
import java.util.HashMap;

/** Brings together what the JVMs of a job report of a flow. */
@FunctionalInterface
interface FlowExchange {

  /**
   * Adds a report to those of all JVMs. It may block.
   *
   * @param flow its name
   * @param report by subtask: what {@link FlowTotals} says
   * @return the totals over all subtasks that reported lately: how many are full, and how many
   *     records they hold
   */
  long[] exchange(String flow, HashMap<String, long[]> report) throws IOException;
}
