/**
 * The products of ONNX Runtime: environment, sessions, weights and activations in native memory,
 * and what the processor's products can do.
 *
 * <p>The only package that imports the binding. It knows the errors of {@code runtime} and how
 * weights are stored, but no architecture.
 */
package io.millrace.engine.runtime.onnx;
