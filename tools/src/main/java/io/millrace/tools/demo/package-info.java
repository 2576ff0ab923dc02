/**
 * {@code millrace demo}: Kafka, Flink, the model and the job in one JVM, with example conversations
 * and a view of what comes back.
 *
 * <p>Builds on {@code job}, {@code kafka}, {@code cluster}, {@code console} and {@code files}.
 */
package io.millrace.tools.demo;
