package io.millrace.engine.kv;

/**
 * What the keys and values of a sequence depend on besides its token ids. Only sequences with equal
 * keys share blocks.
 *
 * @param ropeAlpha how far RoPE's base was raised when the keys were rotated, at least 1
 */
public record PrefixKey(float ropeAlpha) {

  /** Stands for the block before the first; negative, so it never meets a serial number. */
  long root() {
    return -1L - Integer.toUnsignedLong(Float.floatToIntBits(ropeAlpha));
  }
}
