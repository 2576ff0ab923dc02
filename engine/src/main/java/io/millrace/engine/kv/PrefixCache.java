package io.millrace.engine.kv;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds full blocks by what they hold: the token ids from the first position on, behind the root of
 * their sequence's {@link PrefixKey}. It belongs to one pool and so to one model.
 */
final class PrefixCache {
  private final int blockSize;
  private final Map<CachedBlock, CachedBlock> byContents = new HashMap<>();
  private final CachedBlock[] byBlock;
  private long nextSerial;

  PrefixCache(int blocks, int blockSize) {
    this.blockSize = blockSize;
    byBlock = new CachedBlock[blocks];
  }

  /** The block that holds {@code tokens[from ..]} behind {@code previous}, or null. */
  CachedBlock find(long previous, int[] tokens, int from) {
    return byContents.get(new CachedBlock(-1, -1, previous, slice(tokens, from)));
  }

  /** Enters a block that was just filled, or returns the one that holds the same already. */
  CachedBlock enter(int block, long previous, int[] tokens, int from) {
    CachedBlock entry = new CachedBlock(nextSerial, block, previous, slice(tokens, from));
    CachedBlock known = byContents.putIfAbsent(entry, entry);
    if (known != null) {
      return known;
    }
    nextSerial++;
    byBlock[block] = entry;
    return entry;
  }

  void forget(int block) {
    CachedBlock entry = byBlock[block];
    if (entry != null) {
      byContents.remove(entry);
      byBlock[block] = null;
    }
  }

  private int[] slice(int[] tokens, int from) {
    return Arrays.copyOfRange(tokens, from, from + blockSize);
  }
}
