package io.millrace.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
  private final List<Integer> evicted = new ArrayList<>();

  @Test
  void shouldHandOutEachBlockOnce() {
    BlockPool pool = new BlockPool(3, evicted::add);
    assertThat(List.of(pool.take(), pool.take(), pool.take())).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(pool.available()).isZero();
    assertThatThrownBy(pool::take).hasMessageContaining("all 3 KV blocks are in use");
  }

  @Test
  void shouldEvictTheLeastRecentlyUsedKeptBlock() {
    BlockPool pool = new BlockPool(3, evicted::add);
    int a = keptAndReleased(pool);
    int b = keptAndReleased(pool);
    int c = keptAndReleased(pool);
    assertThat(List.of(a, b, c)).doesNotHaveDuplicates();
    pool.share(a);
    pool.release(a);
    assertThat(List.of(pool.take(), pool.take(), pool.take())).containsExactly(b, c, a);
    assertThat(evicted).containsExactly(b, c, a);
  }

  @Test
  void shouldNotEvictWhatIsShared() {
    BlockPool pool = new BlockPool(2, evicted::add);
    int a = keptAndReleased(pool);
    pool.share(a);
    pool.share(a);
    pool.take();
    pool.release(a);
    assertThat(pool.available()).isZero();
    pool.release(a);
    assertThat(pool.idle()).isEqualTo(1);
    assertThat(evicted).isEmpty();
  }

  @Test
  void shouldRefuseMisuse() {
    BlockPool pool = new BlockPool(1, evicted::add);
    assertThatThrownBy(() -> pool.release(0)).hasMessageContaining("more often than taken");
    assertThatThrownBy(() -> pool.share(0)).hasMessageContaining("is free");
    assertThatThrownBy(() -> pool.keep(0)).hasMessageContaining("not in use");
  }

  /** Thousands of random operations against the simplest model that could be right. */
  @Test
  void shouldAgreeWithAModelUnderRandomUse() {
    Random random = new Random(7);
    int blocks = 12;
    BlockPool pool = new BlockPool(blocks, evicted::add);
    int[] references = new int[blocks];
    boolean[] kept = new boolean[blocks];
    Deque<Integer> idle = new ArrayDeque<>();
    for (int step = 0; step < 50_000; step++) {
      int block = random.nextInt(blocks);
      boolean used = references[block] > 0;
      switch (random.nextInt(4)) {
        case 0 -> {
          if (pool.available() > 0) {
            boolean fromIdle = pool.available() == idle.size();
            int taken = pool.take();
            assertThat(references[taken]).isZero();
            if (fromIdle) {
              assertThat(taken).isEqualTo(idle.poll());
              kept[taken] = false;
            }
            references[taken] = 1;
          }
        }
        case 1 -> {
          if (used || kept[block]) {
            pool.share(block);
            idle.remove(block);
            references[block]++;
          }
        }
        case 2 -> {
          if (used) {
            pool.release(block);
            if (--references[block] == 0 && kept[block]) {
              idle.add(block);
            }
          }
        }
        default -> {
          if (used) {
            boolean keep = random.nextBoolean();
            if (keep) {
              pool.keep(block);
            } else {
              pool.forget(block);
            }
            kept[block] = keep;
          }
        }
      }
      int inUse = 0;
      for (int i = 0; i < blocks; i++) {
        assertThat(pool.references(i)).isEqualTo(references[i]);
        inUse += references[i] > 0 ? 1 : 0;
      }
      assertThat(pool.used()).isEqualTo(inUse);
      assertThat(pool.idle()).isEqualTo(idle.size());
      assertThat(pool.available()).isEqualTo(blocks - inUse);
    }
  }

  private static int keptAndReleased(BlockPool pool) {
    int block = pool.take();
    pool.keep(block);
    pool.release(block);
    return block;
  }
}
