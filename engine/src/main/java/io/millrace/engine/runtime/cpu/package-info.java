/**
 * The runtime for CPUs: ONNX Runtime multiplies matrices, Java does everything between two
 * products. A row's result never depends on the rest of the batch.
 *
 * <p>Builds on {@code runtime.attention}, {@code runtime.kernel} and {@code runtime.onnx}. Only the
 * class that opens runtimes knows this package.
 */
package io.millrace.engine.runtime.cpu;
