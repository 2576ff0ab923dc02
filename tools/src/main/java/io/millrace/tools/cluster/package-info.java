/**
 * A Flink cluster inside this JVM, for commands that need no other one.
 *
 * <p>Depends on Flink and on {@code job.config}.
 */
package io.millrace.tools.cluster;
