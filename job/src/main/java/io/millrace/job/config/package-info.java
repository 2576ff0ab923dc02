/**
 * The settings of a job: keys, defaults, checks and descriptions, read from a file and replaced one
 * by one. Every error names the key.
 *
 * <p>Depends on the option types of the engine and the operators, and on the settings of Flink and
 * Kafka's clients.
 */
package io.millrace.job.config;
