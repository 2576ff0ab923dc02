/**
 * Benchmarks of the engine and the document job: what is measured, how the runs are averaged, and
 * the results as tables and JSON.
 *
 * <p>Uses the engine down to its runtime, and {@code files} to run the document job; no command
 * line here.
 */
package io.millrace.tools.bench;
