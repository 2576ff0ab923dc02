/**
 * Kafka for a person: a broker in this JVM, clusters of several processes, and clients that read
 * and write the job's topics.
 *
 * <p>Depends on Kafka, the schemas, {@code job.kafka} and {@code process}.
 */
package io.millrace.tools.kafka;
