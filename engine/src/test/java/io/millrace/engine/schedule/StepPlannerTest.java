package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPlannerTest {
  private static final int BLOCK = 4;

  private int nextToken;

  @Test
  void shouldCutPromptsToTheBudgetAndDecodeFirst() {
    StepPlanner planner = planner(8, 16, 4, 64);
    Sequence first = add(planner, 5, 0);
    assertThat(step(planner)).containsExactly("5!");
    first.append(0);
    Sequence second = add(planner, 40, 0);
    assertThat(step(planner)).containsExactly("1!", "15");
    first.append(0);
    assertThat(step(planner)).containsExactly("1!", "15");
    first.append(0);
    assertThat(step(planner)).containsExactly("1!", "10!");
    assertThat(second.pending()).isZero();
  }

  @Test
  void shouldKeepTheFloorForPrefillByRunningFewer() {
    StepPlanner planner = planner(64, 8, 6, 64);
    for (int i = 0; i < 3; i++) {
      add(planner, 2, 0);
    }
    step(planner);
    assertThat(planner.runningCount()).isEqualTo(2);
    assertThat(planner.waitingCount()).isEqualTo(1);
  }

  @Test
  void shouldStartHigherPrioritiesThenEarlierArrivals() {
    StepPlanner planner = planner(1, 16, 4, 64);
    Sequence lowest = add(planner, 3, Integer.MIN_VALUE);
    Sequence low = add(planner, 3, 0);
    Sequence high = add(planner, 3, 5);
    Sequence highLater = add(planner, 3, 5);
    for (Sequence expected : List.of(high, highLater, low, lowest)) {
      List<ScheduledTokens> plan = planner.plan();
      assertThat(plan).hasSize(1);
      assertThat(plan.get(0).sequence()).isSameAs(expected);
      planner.complete(plan.get(0));
      planner.remove(expected);
    }
    assertThat(planner.isIdle()).isTrue();
  }

  @Test
  void shouldNotOvertakeAPromptThatWaitsForBlocks() {
    StepPlanner planner = planner(8, 64, 4, 10);
    Sequence first = add(planner, 20, 0);
    step(planner);
    add(planner, 36, 0);
    add(planner, 2, 0);
    first.append(0);
    assertThat(step(planner)).containsExactly("1!");
    planner.remove(first);
    assertThat(step(planner)).containsExactly("36!");
  }

  @Test
  void shouldPreemptTheWorstRankedAndKeepItsTokens() {
    StepPlanner planner = planner(8, 64, 4, 5);
    Sequence high = add(planner, 8, 1);
    Sequence low = add(planner, 4, 0);
    step(planner);
    high.append(100);
    low.append(200);
    assertThat(step(planner)).containsExactly("1!", "1!");
    high.append(101);
    low.append(201);
    step(planner);
    for (int i = 0; i < 3; i++) {
      high.append(102 + i);
      low.append(202 + i);
      step(planner);
    }
    assertThat(planner.preemptions()).isEqualTo(1);
    assertThat(planner.waitingCount()).isEqualTo(1);
    assertThat(low.generated()).startsWith(200, 201);
    assertThat(low.computed()).isZero();
    planner.remove(high);
    // Its first block was still in the prefix cache: only what stood behind it is computed again.
    assertThat(step(planner)).containsExactly(low.length() - BLOCK + "!");
    assertThat(low.cachedTokens()).isZero();
  }

  @Test
  void shouldGiveAllBlocksBack() {
    StepPlanner planner = planner(8, 64, 4, 16);
    Sequence running = add(planner, 10, 0);
    Sequence waiting = add(planner, 60, 0);
    step(planner);
    planner.remove(waiting);
    planner.remove(running);
    assertThat(planner.pool().used()).isZero();
    assertThat(planner.isIdle()).isTrue();
  }

  @Test
  void shouldNameTheSettingInItsErrors() {
    assertThatThrownBy(() -> new Limits(0, 8, 1)).hasMessageContaining("engine.max-running is 0");
    assertThatThrownBy(() -> new Limits(1, 8, 0))
        .hasMessageContaining("engine.min-prefill-tokens is 0");
    assertThatThrownBy(() -> new Limits(1, 8, 8))
        .hasMessageContaining("engine.max-batch-tokens is 8");
  }

  private static StepPlanner planner(int running, int tokens, int floor, int blocks) {
    return new StepPlanner(new Limits(running, tokens, floor), new KvCache(blocks, BLOCK));
  }

  private Sequence add(StepPlanner planner, int promptLength, int priority) {
    Sequence sequence = new Sequence(tokens(promptLength), priority, "", new PrefixKey(1));
    planner.add(sequence);
    return sequence;
  }

  private int[] tokens(int count) {
    int[] tokens = new int[count];
    Arrays.setAll(tokens, i -> nextToken++);
    return tokens;
  }

  /** Completes a step and says what it held: tokens per sequence, "!" where it reached the end. */
  private static List<String> step(StepPlanner planner) {
    List<ScheduledTokens> plan = planner.plan();
    List<String> shown = plan.stream().map(c -> c.tokens() + (c.reachesEnd() ? "!" : "")).toList();
    plan.forEach(planner::complete);
    return shown;
  }
}
