/**
 * Measures what this machine can do at most, as a yardstick for benchmarks: memory bandwidth and
 * the speed of products.
 *
 * <p>Uses {@code runtime.onnx}, so that it measures the very products that the models run.
 */
package io.millrace.engine.runtime.probe;
