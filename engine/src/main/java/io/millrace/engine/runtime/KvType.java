package io.millrace.engine.runtime;

/** The number format of stored keys and values. */
public enum KvType {
  FP32(Float.BYTES),
  /** Half the memory; a key or value keeps 8 bits of its precision. */
  BF16(Short.BYTES);

  private final int bytes;

  KvType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
