/**
 * Checks and prepares Kafka before the job starts: reachable brokers, topics that take the longest
 * record, transaction timeouts that are allowed.
 *
 * <p>Depends on {@code config}, on the size that records may have, and on Kafka's admin client; it
 * knows no Flink.
 */
package io.millrace.job.kafka;
