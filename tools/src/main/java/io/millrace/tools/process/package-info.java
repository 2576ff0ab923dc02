/**
 * Other processes on this machine: child JVMs that end with this one, Flink clusters made of them,
 * free ports, and waiting.
 *
 * <p>Depends on the JDK and on Flink's entry points; it knows nothing of the job.
 */
package io.millrace.tools.process;
