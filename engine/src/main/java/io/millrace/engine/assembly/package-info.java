/**
 * Opens engines: reads a prepared model, opens its runtime, puts the batching loop on top, and
 * shares one engine among all who ask for the same options in one JVM.
 *
 * <p>The top of the engine module: it may use every other package, and none of them uses it.
 */
package io.millrace.engine.assembly;
