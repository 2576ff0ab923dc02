package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Prompts with one beginning: the best ranked computes it, the others take it over. */
class SharedPrefixesTest {
  private static final int BLOCK = 4;

  private final StepPlanner planner = new StepPlanner(new Limits(8, 16, 4), new KvCache(64, BLOCK));

  @Test
  void shouldComputeACommonBeginningOnce() {
    Sequence first = add(0, 24, 100);
    Sequence second = add(0, 24, 101, 102);
    Sequence third = add(0, 24, 103);
    assertThat(step()).containsExactly(chunk(first, 16));
    assertThat(step()).containsExactly(chunk(first, 9));
    first.append(0);
    assertThat(step())
        .containsExactlyInAnyOrder(chunk(first, 1), chunk(second, 2), chunk(third, 1));
    assertThat(first.cachedTokens()).isZero();
    assertThat(second.cachedTokens()).isEqualTo(24);
    assertThat(third.cachedTokens()).isEqualTo(24);
  }

  @Test
  void shouldLetOtherTenantsPassThoseWhoWait() {
    Sequence first = add(0, 24);
    Sequence second = add(0, 24, 100);
    Sequence other = new Sequence(new int[] {200, 201, 202}, 0, "other", new PrefixKey(1));
    assertThat(step()).containsExactly(chunk(first, 16));
    planner.add(other);
    assertThat(step()).containsExactlyInAnyOrder(chunk(first, 8), chunk(other, 3));
    assertThat(planner.waitingCount()).isOne();
    assertThat(second.table().size()).as("blocks held while waiting").isZero();
  }

  @Test
  void shouldLetLaterOnesPassThoseWhoWait() {
    Sequence first = add(0, 24);
    Sequence second = add(0, 24, 100);
    Sequence later = add(0, 0, 200, 201, 202);
    assertThat(step()).containsExactly(chunk(first, 16));
    assertThat(step()).containsExactlyInAnyOrder(chunk(first, 8), chunk(later, 3));
    first.append(0);
    later.append(0);
    assertThat(step())
        .containsExactlyInAnyOrder(chunk(first, 1), chunk(later, 1), chunk(second, 1));
  }

  @Test
  void shouldNotWaitForWhatIsNotShared() {
    Sequence first = add(0, 6, 100, 101, 102, 103, 104, 105);
    Sequence second = add(0, 6, 106);
    assertThat(step()).containsExactly(chunk(first, 12));
    first.append(0);
    assertThat(step()).containsExactly(chunk(first, 1), chunk(second, 3));
  }

  @Test
  void shouldHandOverWhenTheLeaderEnds() {
    Sequence first = add(0, 40);
    Sequence second = add(0, 40, 100);
    Sequence third = add(0, 40, 101);
    assertThat(step()).containsExactly(chunk(first, 16));
    planner.remove(first);
    assertThat(step()).containsExactly(chunk(second, 16));
    planner.discard(second);
    // Nobody trusts the discarded one's blocks, nor those that it had taken over.
    assertThat(step()).containsExactly(chunk(third, 16));
  }

  @Test
  void shouldNotLetAHigherPriorityWaitForALowerOne() {
    Sequence leader = add(1, 40);
    step();
    Sequence lower = add(0, 40, 100);
    Sequence higher = add(2, 40, 101);
    SharedPrefixes prefixes = new SharedPrefixes(new RecentUse(), new FairQueue<>());
    prefixes.add(leader);
    assertThat(prefixes.isBeingComputed(lower)).isTrue();
    assertThat(prefixes.isBeingComputed(higher)).isFalse();
    planner.remove(leader);
    assertThat(prefixes.isBeingComputed(lower)).isFalse();
  }

  @Test
  void shouldNotWaitForATenantThatStepsTakeLittleOf() {
    Sequence leader = add("flood", 0, 40);
    step();
    Sequence flooding = add("flood", 0, 40, 100);
    Sequence calm = add("calm", 0, 40, 101);
    RecentUse use = new RecentUse();
    SharedPrefixes prefixes = new SharedPrefixes(use, queue(leader, flooding, calm));
    prefixes.add(leader);
    use.charge(calm, 10);
    use.charge(leader, 10);
    use.settle();
    assertThat(prefixes.isBeingComputed(calm)).as("while shares are equal").isTrue();
    use.charge(leader, 20);
    use.settle();
    assertThat(prefixes.isBeingComputed(calm)).isFalse();
    assertThat(prefixes.isBeingComputed(flooding)).isTrue();
  }

  @Test
  void shouldNotWaitForATenantWithMoreDebt() {
    Sequence leader = add("flood", 0, 40);
    step();
    Sequence flooding = add("flood", 0, 40, 100);
    Sequence calm = add("calm", 0, 40, 101);
    FairQueue<Sequence> queue = queue(leader, flooding, calm);
    SharedPrefixes prefixes = new SharedPrefixes(new RecentUse(), queue);
    prefixes.add(leader);
    assertThat(prefixes.isBeingComputed(calm)).as("while shares are equal").isTrue();
    queue.charge(leader, 2 * TenantTokens.ALLOWANCE);
    assertThat(prefixes.isBeingComputed(calm)).isFalse();
    assertThat(prefixes.isBeingComputed(flooding)).isTrue();
  }

  /** The first runs, the others wait. */
  private static FairQueue<Sequence> queue(Sequence running, Sequence... waiting) {
    FairQueue<Sequence> queue = new FairQueue<>();
    queue.add(running);
    queue.start(running);
    for (Sequence sequence : waiting) {
      queue.add(sequence);
    }
    return queue;
  }

  private Sequence add(int priority, int common, int... own) {
    return add("", priority, common, own);
  }

  private Sequence add(String tenant, int priority, int common, int... own) {
    int[] prompt = new int[common + own.length];
    Arrays.setAll(prompt, i -> i < common ? i : own[i - common]);
    Sequence sequence = new Sequence(prompt, priority, tenant, new PrefixKey(1));
    planner.add(sequence);
    return sequence;
  }

  private record Part(Sequence sequence, int tokens) {}

  private static Part chunk(Sequence sequence, int tokens) {
    return new Part(sequence, tokens);
  }

  private List<Part> step() {
    List<Part> parts = new ArrayList<>();
    for (ScheduledTokens chunk : planner.plan()) {
      parts.add(new Part(chunk.sequence(), chunk.tokens()));
      planner.complete(chunk);
    }
    return parts;
  }
}
