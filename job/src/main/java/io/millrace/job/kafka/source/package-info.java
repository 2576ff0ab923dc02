/** Flink's Kafka source, made to be resumed with another end than it was started with. */
package io.millrace.job.kafka.source;
