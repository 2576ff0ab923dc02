/**
 * The long run: many turns over many conversations while memory is sampled, and a test for growth.
 *
 * <p>Depends on the engine's API and on {@code bench}.
 */
package io.millrace.tools.bench.soak;
