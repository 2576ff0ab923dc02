package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.kv.BlockTable;
import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import io.millrace.engine.schedule.draft.Drafter;
import io.millrace.engine.schedule.draft.Drafting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random workloads of thousands of steps in pools that are far too small. */
class StepPlannerPropertyTest {
  private static final int BLOCK = 4;
  private static final int BLOCKS = 24;
  private static final int MAX_LENGTH = BLOCK * BLOCKS;
  private static final int SEQUENCES = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldEndEverySequenceAndLeakNoBlock(long seed) {
    Random random = new Random(seed);
    Limits limits =
        new Limits(
            1 + random.nextInt(8),
            12 + random.nextInt(40),
            1 + random.nextInt(8),
            new Drafting(5 + random.nextInt(20), 3, 1));
    StepPlanner planner = new StepPlanner(limits, new KvCache(BLOCKS, BLOCK));
    Map<Sequence, Integer> lengthAtEnd = new HashMap<>();
    int started = 0;
    int steps = 0;
    int accepted = 0;
    while (started < SEQUENCES || !lengthAtEnd.isEmpty()) {
      assertThat(++steps).as("steps without an end").isLessThan(100_000);
      while (started < SEQUENCES && random.nextInt(4) == 0) {
        Sequence sequence = randomSequence(random);
        int room = MAX_LENGTH - sequence.length();
        int end = sequence.length() + 1 + random.nextInt(Math.min(room, 40));
        if (random.nextBoolean()) {
          sequence.draftWith(new Drafter(limits.drafting(), 1 + random.nextInt(12), end));
        }
        lengthAtEnd.put(sequence, end);
        planner.add(sequence);
        started++;
      }
      if (!lengthAtEnd.isEmpty() && random.nextInt(20) == 0) {
        List<Sequence> all = new ArrayList<>(lengthAtEnd.keySet());
        Sequence victim = all.get(random.nextInt(all.size()));
        if (random.nextInt(4) == 0) {
          planner.discard(victim);
        } else {
          planner.remove(victim);
        }
        lengthAtEnd.remove(victim);
      }
      if (planner.isIdle()) {
        continue;
      }
      List<ScheduledTokens> plan = planner.plan();
      checkPlan(plan, limits, planner);
      for (ScheduledTokens chunk : plan) {
        Sequence sequence = chunk.sequence();
        planner.complete(chunk);
        if (chunk.reachesEnd()) {
          accepted += settle(chunk, random);
          if (sequence.length() >= lengthAtEnd.get(sequence)) {
            planner.remove(sequence);
            lengthAtEnd.remove(sequence);
          }
        }
      }
      checkReferences(lengthAtEnd.keySet(), planner);
    }
    assertThat(planner.preemptions()).isPositive();
    assertThat(accepted).isPositive();
    assertThat(planner.pool().used()).isZero();
    assertThat(planner.pool().available()).isEqualTo(BLOCKS);
  }

  /** Appends a token and as many before it as the draft foresaw. */
  private static int settle(ScheduledTokens chunk, Random random) {
    int accepted = random.nextInt(chunk.draft().length + 1);
    for (int i = 0; i < accepted; i++) {
      chunk.sequence().append(chunk.draft()[i]);
    }
    chunk.sequence().append(random.nextInt(3));
    chunk.sequence().settle(chunk.draft(), accepted);
    return accepted;
  }

  /** Few different tokens and shared beginnings, so that prefixes are hit all the time. */
  private static Sequence randomSequence(Random random) {
    int length = 1 + random.nextInt(random.nextInt(6) == 0 ? MAX_LENGTH - 2 : 24);
    int sameFor = random.nextInt(length + 1);
    int[] prompt = new int[length];
    for (int i = sameFor; i < length; i++) {
      prompt[i] = random.nextInt(3);
    }
    String tenant = "t" + random.nextInt(3);
    return new Sequence(
        prompt, random.nextInt(3), tenant, new PrefixKey(random.nextInt(5) == 0 ? 3 : 1));
  }

  private static void checkPlan(List<ScheduledTokens> plan, Limits limits, StepPlanner planner) {
    assertThat(plan).isNotEmpty();
    assertThat(plan.stream().map(ScheduledTokens::sequence)).doesNotHaveDuplicates();
    assertThat(plan.stream().mapToInt(ScheduledTokens::rows).sum())
        .isLessThanOrEqualTo(limits.maxBatchTokens());
    assertThat(
            plan.stream().filter(c -> c.draft().length > 0).mapToInt(ScheduledTokens::rows).sum())
        .isLessThanOrEqualTo(limits.draftRows());
    assertThat(planner.runningCount()).isLessThanOrEqualTo(limits.runnable());
    Map<Integer, Integer> writers = new HashMap<>();
    for (ScheduledTokens chunk : plan) {
      Sequence sequence = chunk.sequence();
      assertThat(chunk.tokens()).isBetween(1, sequence.pending());
      BlockTable table = sequence.table();
      int end = sequence.computed() + chunk.rows();
      assertThat(table.size()).isGreaterThanOrEqualTo((end + BLOCK - 1) / BLOCK);
      for (int i = sequence.computed() / BLOCK; i * BLOCK < end; i++) {
        assertThat(writers.put(table.blocks()[i], 1)).as("written by two").isNull();
        assertThat(planner.pool().references(table.blocks()[i])).as("written alone").isOne();
      }
    }
  }

  private static void checkReferences(Iterable<Sequence> live, StepPlanner planner) {
    int[] expected = new int[BLOCKS];
    for (Sequence sequence : live) {
      for (int i = 0; i < sequence.table().size(); i++) {
        expected[sequence.table().blocks()[i]]++;
      }
    }
    int used = 0;
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(planner.pool().references(block)).isEqualTo(expected[block]);
      used += expected[block] > 0 ? 1 : 0;
    }
    assertThat(planner.pool().used()).isEqualTo(used);
  }
}
