/**
 * The loop of continuous batching: one thread plans a step, runs it, samples the next tokens and
 * tells the listeners. Other threads only leave messages for it.
 *
 * <p>Builds on the API, {@code schedule}, {@code kv}, {@code sample}, {@code tokenize}, {@code
 * chat}, {@code model} and the interfaces of {@code runtime}; it doesn't know which device
 * computes.
 */
package io.millrace.engine.batching;
