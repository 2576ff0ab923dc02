package io.millrace.engine.model;

/**
 * Where a tensor lies in weights.bin.
 *
 * @param type {@code float32}, {@code int8} or {@code uint8}
 * @param shape row-major dimensions
 * @param offset first byte, a multiple of 4096
 * @param length in bytes
 */
public record TensorInfo(String type, long[] shape, long offset, long length) {}
