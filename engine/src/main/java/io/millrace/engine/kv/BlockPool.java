package io.millrace.engine.kv;

import java.util.function.IntConsumer;

/*
 * Design
 *
 * A block is in exactly one of three states:
 *
 *   free   nobody refers to it and its contents mean nothing; it lies on a stack
 *   used   references > 0: that many block tables hold it
 *   idle   nobody refers to it, but the prefix cache knows what it holds ("kept"); it lies in the
 *          list of least recent use, from which blocks are taken once the stack is empty
 *
 * A used block that is kept may be shared by any number of tables: it is full, so nobody writes to
 * it any more. A used block that is not kept belongs to one table and is the only kind that is
 * written. Nothing is ever copied.
 *
 * Order of eviction. A table holds the blocks of a whole prefix and lets them go together, last
 * block first. So whoever holds a block holds its predecessors too, a predecessor is let go after
 * its successors, and the list has every successor before its predecessor: the least recently used
 * block never has a successor in the cache that its eviction would make unreachable.
 *
 * Ids only: the memory belongs to the runtime, which makes this testable by the million and equal
 * for CPU and CUDA.
 */

/**
 * Hands out the ids of KV blocks, counts who refers to them and keeps finished ones for reuse. Not
 * thread-safe.
 */
public final class BlockPool {
  private static final int NONE = -1;

  private final int[] references;
  private final boolean[] kept;
  private final int[] free;
  private final int[] older;
  private final int[] newer;
  private final IntConsumer onEviction;
  private int freeCount;
  private int idleCount;
  private int oldest = NONE;
  private int newest = NONE;

  /**
   * @param blocks how many there are, numbered from 0
   * @param onEviction hears the id of each kept block whose contents are given up
   */
  public BlockPool(int blocks, IntConsumer onEviction) {
    references = new int[blocks];
    kept = new boolean[blocks];
    free = new int[blocks];
    older = new int[blocks];
    newer = new int[blocks];
    this.onEviction = onEviction;
    for (int block = blocks - 1; block >= 0; block--) {
      free[freeCount++] = block;
    }
  }

  /** Takes a block with undefined contents and one reference. */
  public int take() {
    int block;
    if (freeCount > 0) {
      block = free[--freeCount];
    } else if (idleCount > 0) {
      block = oldest;
      unlink(block);
      kept[block] = false;
      onEviction.accept(block);
    } else {
      throw new IllegalStateException("all " + references.length + " KV blocks are in use");
    }
    references[block] = 1;
    return block;
  }

  /** Adds a reference to a used or idle block. */
  public void share(int block) {
    if (references[block] == 0) {
      if (!kept[block]) {
        throw new IllegalStateException("block " + block + " is free, it cannot be shared");
      }
      unlink(block);
    }
    references[block]++;
  }

  /** Drops a reference; without any left the block becomes idle if it is kept, otherwise free. */
  public void release(int block) {
    if (references[block] == 0) {
      throw new IllegalStateException("block " + block + " is released more often than taken");
    }
    if (--references[block] == 0) {
      if (kept[block]) {
        append(block);
      } else {
        free[freeCount++] = block;
      }
    }
  }

  /** Marks a used block as known to the prefix cache. */
  public void keep(int block) {
    requireUsed(block);
    kept[block] = true;
  }

  /** Takes the mark of {@link #keep} from a used block. */
  public void forget(int block) {
    requireUsed(block);
    kept[block] = false;
  }

  private void requireUsed(int block) {
    if (references[block] == 0) {
      throw new IllegalStateException("block " + block + " is not in use");
    }
  }

  /** Blocks that {@link #take} could hand out now. */
  public int available() {
    return freeCount + idleCount;
  }

  /** Blocks that are kept for reuse only. */
  public int idle() {
    return idleCount;
  }

  public int used() {
    return references.length - freeCount - idleCount;
  }

  public int total() {
    return references.length;
  }

  public int references(int block) {
    return references[block];
  }

  private void append(int block) {
    older[block] = newest;
    newer[block] = NONE;
    if (newest == NONE) {
      oldest = block;
    } else {
      newer[newest] = block;
    }
    newest = block;
    idleCount++;
  }

  private void unlink(int block) {
    if (older[block] == NONE) {
      oldest = newer[block];
    } else {
      newer[older[block]] = newer[block];
    }
    if (newer[block] == NONE) {
      newest = older[block];
    } else {
      older[newer[block]] = older[block];
    }
    idleCount--;
  }
}
