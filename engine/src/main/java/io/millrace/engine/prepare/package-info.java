/**
 * Conversion: a checkpoint, or a random generator, becomes a prepared model on disk. What the
 * engine can't compute exactly is refused here by key and value.
 *
 * <p>Uses {@code model}, {@code tokenize} and {@code prepare.tensors}; nothing that runs a model
 * uses it.
 */
package io.millrace.engine.prepare;
