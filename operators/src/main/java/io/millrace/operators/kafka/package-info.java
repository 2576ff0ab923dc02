/**
 * Reads and writes the operators' records on Kafka: deserializers that turn bad bytes into dead
 * letters, serializers, and headers.
 *
 * <p>The only package of the operators that knows Kafka; the operators don't know it.
 */
package io.millrace.operators.kafka;
