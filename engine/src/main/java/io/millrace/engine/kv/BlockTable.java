package io.millrace.engine.kv;

import java.util.Arrays;

/**
 * The blocks of one sequence in order. The first {@link #fullBlocks()} are known to the prefix
 * cache and never written again, the others belong to this table alone.
 */
public final class BlockTable {
  private final BlockPool pool;
  private final PrefixCache prefixes;
  private final int blockSize;
  private final long root;
  private int[] blocks = new int[4];
  private int size;
  private int full;
  private long last;

  BlockTable(BlockPool pool, PrefixCache prefixes, int blockSize, PrefixKey key) {
    this.pool = pool;
    this.prefixes = prefixes;
    this.blockSize = blockSize;
    root = key.root();
    last = root;
    Arrays.fill(blocks, -1);
  }

  /** The hashes of a prompt's full blocks, as this table's sequence has them. */
  public PrefixHashes prefixHashes(int[] tokens, int length) {
    return new PrefixHashes(tokens, length, blockSize, root);
  }

  /**
   * Takes over cached blocks that continue the full ones. A block of this table in such a place is
   * given back, even where a part of it has been computed already.
   *
   * @param limit cover at most this many tokens
   * @return tokens that the full blocks hold now
   */
  public int adopt(int[] tokens, int limit) {
    while ((full + 1) * blockSize <= limit) {
      CachedBlock cached = prefixes.find(last, tokens, full * blockSize);
      if (cached == null) {
        break;
      }
      pool.share(cached.block);
      if (full < size) {
        pool.release(blocks[full]);
        blocks[full] = cached.block;
      } else {
        append(cached.block);
      }
      last = cached.serial;
      full++;
    }
    return full * blockSize;
  }

  /** How many blocks {@link #reserve} would have to take for this many tokens. */
  public int missing(int tokens) {
    return Math.max(0, blocksFor(tokens) - size);
  }

  private int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }

  /** Makes room for this many tokens; false, and nothing taken, where the pool has too few. */
  public boolean reserve(int tokens) {
    int missing = missing(tokens);
    if (missing > pool.available()) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      append(pool.take());
    }
    return true;
  }

  /** Gives back the blocks at the end that this many tokens don't need. */
  public void trim(int tokens) {
    int needed = Math.max(full, blocksFor(tokens));
    while (size > needed) {
      dropLast();
    }
  }

  /**
   * Makes every block that is full now known to the prefix cache. Where another sequence filled an
   * equal block first, this table goes over to that one.
   *
   * @param computed tokens whose keys and values are in the blocks
   */
  public void commit(int[] tokens, int computed) {
    while ((full + 1) * blockSize <= computed) {
      int own = blocks[full];
      CachedBlock entry = prefixes.enter(own, last, tokens, full * blockSize);
      if (entry.block == own) {
        pool.keep(own);
      } else {
        pool.share(entry.block);
        pool.release(own);
        blocks[full] = entry.block;
      }
      last = entry.serial;
      full++;
    }
  }

  /** Lets all blocks go, the last one first; full ones stay findable. */
  public void release() {
    while (size > 0) {
      dropLast();
    }
    full = 0;
    last = root;
  }

  private void dropLast() {
    pool.release(blocks[--size]);
    blocks[size] = -1;
  }

  /** Lets all blocks go and makes sure that nobody finds their contents again. */
  public void discard() {
    for (int i = 0; i < full; i++) {
      prefixes.forget(blocks[i]);
      pool.forget(blocks[i]);
    }
    release();
  }

  /** How many of the blocks no other table holds, so that {@link #release} would free them. */
  public int ownBlocks() {
    int own = 0;
    for (int i = 0; i < size; i++) {
      own += pool.references(blocks[i]) == 1 ? 1 : 0;
    }
    return own;
  }

  /** Block ids in order, valid until the table changes; -1 beyond {@link #size()}. */
  public int[] blocks() {
    return blocks;
  }

  public int blockSize() {
    return blockSize;
  }

  public int size() {
    return size;
  }

  /** How many blocks at the front are full and known to the prefix cache. */
  public int fullBlocks() {
    return full;
  }

  private void append(int block) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * size);
      Arrays.fill(blocks, size, blocks.length, -1);
    }
    blocks[size++] = block;
  }
}
