/**
 * Flink's Kafka source for runs that end: a resumed run reads to its own end, not to the end of the
 * run that wrote the checkpoint.
 *
 * <p>Depends on Flink and its Kafka connector alone, and keeps the state of Flink's own source.
 */
package io.millrace.job.kafka.source;
