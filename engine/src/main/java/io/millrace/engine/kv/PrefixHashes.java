package io.millrace.engine.kv;

/**
 * One number for each full block of a prompt, made of the block's token ids and of all before it:
 * two prompts with the same number at one place begin alike up to there. Good enough to decide who
 * waits for whom. What is shared in the end is up to the prefix cache, which compares the ids.
 */
public final class PrefixHashes {
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final long[] hashes;

  PrefixHashes(int[] tokens, int length, int blockSize, long root) {
    hashes = new long[length / blockSize];
    long mixed = root;
    for (int block = 0; block < hashes.length; block++) {
      for (int i = block * blockSize; i < (block + 1) * blockSize; i++) {
        mixed = (mixed ^ tokens[i]) * MULTIPLIER;
        mixed ^= mixed >>> 32;
      }
      hashes[block] = mixed;
    }
  }

  /** Whether both prompts are the same up to the end of this block, and fill it. */
  public boolean alikeThrough(int block, PrefixHashes other) {
    return block < hashes.length
        && block < other.hashes.length
        && hashes[block] == other.hashes[block];
  }
}
