package io.millrace.engine.kv;

/** The block pool and the prefix cache of one runtime. Not thread-safe. */
public final class KvCache {
  private final BlockPool pool;
  private final PrefixCache prefixes;
  private final int blockSize;

  public KvCache(int blocks, int blockSize) {
    this.blockSize = blockSize;
    prefixes = new PrefixCache(blocks, blockSize);
    pool = new BlockPool(blocks, prefixes::forget);
  }

  /** An empty table for a sequence that shares blocks with others of this key. */
  public BlockTable newTable(PrefixKey key) {
    return new BlockTable(pool, prefixes, blockSize, key);
  }

  public BlockPool pool() {
    return pool;
  }

  public int blockSize() {
    return blockSize;
  }
}
