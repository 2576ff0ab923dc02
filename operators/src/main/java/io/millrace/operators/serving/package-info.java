/**
 * Everything between an operator and an engine: who provides it, how its events reach the task's
 * thread, how it is replaced when it fails, and how much a subtask may hold.
 *
 * <p>Depends on Flink, the engine's API and {@code record}. It knows no operator and no Kafka.
 */
package io.millrace.operators.serving;
