/**
 * Assembles the streams: from Kafka through the operators and back, with the uids that savepoints
 * rely on, and the choice of the checkpoint to start from.
 *
 * <p>Depends on {@code config}, the operators, and what opens an engine.
 */
package io.millrace.job.topology;
