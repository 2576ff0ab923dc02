package io.millrace.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockTableTest {
  private static final int BLOCK = 4;

  private final KvCache kv = new KvCache(8, BLOCK);

  @Test
  void shouldFindFullBlocksOfAnEarlierSequence() {
    computed(1, ids(0, 10)).release();
    BlockTable table = kv.newTable(new PrefixKey(1));
    assertThat(table.adopt(ids(0, 12), 11)).isEqualTo(8);
    assertThat(table.size()).isEqualTo(2);
    assertThat(kv.pool().used()).isEqualTo(2);
  }

  @Test
  void shouldNeverCoverMoreThanTheLimit() {
    computed(1, ids(0, 8)).release();
    assertThat(kv.newTable(new PrefixKey(1)).adopt(ids(0, 8), 7)).isEqualTo(4);
    assertThat(kv.newTable(new PrefixKey(1)).adopt(ids(0, 4), 3)).isZero();
  }

  @Test
  void shouldNotMixAlphas() {
    computed(1, ids(0, 8)).release();
    assertThat(kv.newTable(new PrefixKey(3)).adopt(ids(0, 9), 8)).isZero();
  }

  @Test
  void shouldNotMatchABlockBehindAnotherBeginning() {
    computed(1, ids(0, 8)).release();
    int[] other = ids(0, 9);
    other[0] = 99;
    assertThat(kv.newTable(new PrefixKey(1)).adopt(other, 8)).isZero();
  }

  @Test
  void shouldShareOneCopyOfEqualBlocks() {
    BlockTable first = kv.newTable(new PrefixKey(1));
    BlockTable second = kv.newTable(new PrefixKey(1));
    first.reserve(8);
    second.reserve(8);
    assertThat(kv.pool().used()).isEqualTo(4);
    first.commit(ids(0, 8), 8);
    second.commit(ids(0, 8), 8);
    assertThat(second.blocks()).startsWith(first.blocks()[0], first.blocks()[1]);
    assertThat(kv.pool().used()).isEqualTo(2);
    first.release();
    assertThat(kv.pool().used()).isEqualTo(2);
    second.release();
    assertThat(kv.pool().used()).isZero();
    assertThat(kv.pool().idle()).isEqualTo(2);
  }

  @Test
  void shouldReplaceReservedBlocksByCachedOnes() {
    computed(1, ids(0, 8)).release();
    BlockTable late = kv.newTable(new PrefixKey(1));
    late.reserve(12);
    assertThat(late.adopt(ids(0, 12), 11)).isEqualTo(8);
    assertThat(late.size()).isEqualTo(3);
    assertThat(kv.pool().used()).isEqualTo(3);
    late.release();
    assertThat(kv.pool().available()).isEqualTo(8);
  }

  @Test
  void shouldTakeNothingWhereThePoolHasTooFew() {
    BlockTable table = kv.newTable(new PrefixKey(1));
    assertThat(table.reserve(33)).isFalse();
    assertThat(table.size()).isZero();
    assertThat(table.reserve(32)).isTrue();
    assertThat(kv.pool().available()).isZero();
  }

  @Test
  void shouldEvictTheEndOfAPrefixBeforeItsBeginning() {
    computed(1, ids(0, 12)).release();
    BlockTable other = kv.newTable(new PrefixKey(1));
    other.reserve(6 * BLOCK);
    assertThat(kv.newTable(new PrefixKey(1)).adopt(ids(0, 13), 12)).isEqualTo(8);
  }

  @Test
  void shouldNotFindDiscardedBlocks() {
    BlockTable table = computed(1, ids(0, 8));
    BlockTable sharing = kv.newTable(new PrefixKey(1));
    sharing.adopt(ids(0, 9), 8);
    table.discard();
    assertThat(kv.newTable(new PrefixKey(1)).adopt(ids(0, 9), 8)).isZero();
    assertThat(kv.pool().used()).isEqualTo(2);
    sharing.release();
    assertThat(kv.pool().available()).isEqualTo(8);
    assertThat(kv.pool().idle()).isZero();
  }

  /** Two different blocks with one hash, found by search: the second must not hit the first. */
  @Test
  void shouldCompareTokensWhereHashesCollide() {
    Random random = new Random(1);
    Map<Integer, int[]> byHash = new HashMap<>();
    int[] first = null;
    int[] second = null;
    while (second == null) {
      int[] tokens = random.ints(BLOCK, 0, 150_000).toArray();
      int hash = new CachedBlock(0, 0, new PrefixKey(1).root(), tokens).hashCode();
      first = byHash.putIfAbsent(hash, tokens);
      if (first != null && !Arrays.equals(first, tokens)) {
        second = tokens;
      }
    }
    computed(1, first).release();
    assertThat(kv.newTable(new PrefixKey(1)).adopt(Arrays.copyOf(second, 5), 4)).isZero();
    assertThat(kv.newTable(new PrefixKey(1)).adopt(Arrays.copyOf(first, 5), 4)).isEqualTo(4);
  }

  private BlockTable computed(float alpha, int[] tokens) {
    BlockTable table = kv.newTable(new PrefixKey(alpha));
    table.reserve(tokens.length);
    table.commit(tokens, tokens.length);
    return table;
  }

  private static int[] ids(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
