package io.millrace.engine.kv;

import java.util.Arrays;

/**
 * A full block whose contents are known: the token ids in it and everything before it, the latter
 * by the serial number of the block before. Serial numbers are never used twice, so two equal
 * values mean equal token ids from the first position on, without trusting a hash.
 */
final class CachedBlock {
  final long serial;
  final int block;
  private final long previous;
  private final int[] tokens;
  private final int hash;

  CachedBlock(long serial, int block, long previous, int[] tokens) {
    this.serial = serial;
    this.block = block;
    this.previous = previous;
    this.tokens = tokens;
    long mixed = previous;
    for (int token : tokens) {
      mixed = (mixed ^ token) * 0x9E3779B97F4A7C15L;
      mixed ^= mixed >>> 32;
    }
    hash = (int) mixed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CachedBlock that
        && previous == that.previous
        && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
