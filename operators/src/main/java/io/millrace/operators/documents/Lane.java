package io.millrace.operators.documents;

/**
 * Units that wait together for places in the engine: those of a priority and a tenant, or a single
 * one of which an engine may have died.
 *
 * @param suspect null for the former
 */
record Lane(int priority, String tenant, PromptKey suspect) {

  boolean alone() {
    return suspect != null;
  }
}
