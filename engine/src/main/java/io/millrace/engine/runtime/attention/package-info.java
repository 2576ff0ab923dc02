/**
 * Causal attention over paged KV on the CPU: the storage of keys and values, rotary embeddings, and
 * the cutting of a step into pieces whose result doesn't depend on how they were cut.
 *
 * <p>Depends on {@code runtime.kernel}, on the types of {@code runtime} and on the architecture
 * that {@code model} describes.
 */
package io.millrace.engine.runtime.attention;
