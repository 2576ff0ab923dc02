/**
 * The flow from a source to the operator that holds its records: an operator says what it holds,
 * and the source stops reading where there is no room, so that nothing waits in front of a barrier.
 * Knows Flink's sources alone, and no operator.
 */
package io.millrace.operators.flow;
