/**
 * What the engine asks of a device: a {@link io.millrace.engine.runtime.ModelRuntime} computes a
 * step, described by a {@link io.millrace.engine.runtime.StepBatch}, over a paged KV pool. The ONNX
 * Runtime binding may be imported below this package only.
 *
 * <p>Depends on nothing of ours, so that the scheduler and the devices meet at these types alone.
 */
package io.millrace.engine.runtime;
