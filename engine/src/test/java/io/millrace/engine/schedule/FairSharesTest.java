package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.kv.KvCache;
import io.millrace.engine.kv.PrefixKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants and priorities share a full engine; time is counted in steps or in rows computed. */
class FairSharesTest {
  private static final int BLOCK = 16;
  private static final int RUNNING = 8;
  private static final int BUDGET = 64;

  /** What a step without rows would cost, in rows: its weights are read even for one. */
  private static final int ROWS_OF_A_STEP = 4;

  private final Random random = new Random(7);

  /** A planner with its workload: every sequence ends after so many tokens. */
  private final class Simulation {
    final StepPlanner planner;
    final Map<Sequence, Integer> answers = new HashMap<>();
    final Map<Sequence, Integer> firstTokens = new HashMap<>();
    final Map<Sequence, Long> firstTokenRows = new HashMap<>();
    final Map<String, Integer> computed = new HashMap<>();
    int now;
    long rows;
    long lastStepRows;

    Simulation(int blocks) {
      this(blocks, BUDGET);
    }

    Simulation(int blocks, int budget) {
      planner = new StepPlanner(new Limits(RUNNING, budget, 8), new KvCache(blocks, BLOCK));
    }

    Sequence send(String tenant, int priority, int prompt, int answer) {
      return send(tenant, priority, random.ints(prompt, 0, 1000).toArray(), answer);
    }

    Sequence send(String tenant, int priority, int[] prompt, int answer) {
      Sequence sequence = new Sequence(prompt, priority, tenant, new PrefixKey(1));
      answers.put(sequence, answer);
      planner.add(sequence);
      return sequence;
    }

    void step() {
      now++;
      List<ScheduledTokens> plan = planner.plan();
      lastStepRows = ROWS_OF_A_STEP + plan.stream().mapToInt(ScheduledTokens::rows).sum();
      rows += lastStepRows;
      for (ScheduledTokens chunk : plan) {
        Sequence sequence = chunk.sequence();
        planner.complete(chunk);
        computed.merge(sequence.tenant(), chunk.tokens(), Integer::sum);
        if (chunk.reachesEnd()) {
          firstTokens.putIfAbsent(sequence, now);
          firstTokenRows.putIfAbsent(sequence, rows);
          sequence.append(random.nextInt(1000));
          if (sequence.generatedCount() >= answers.get(sequence)) {
            planner.remove(sequence);
            answers.remove(sequence);
          }
        }
      }
    }

    int stepsToFirstToken(Sequence sequence) {
      int start = now;
      while (!firstTokens.containsKey(sequence)) {
        step();
      }
      return firstTokens.get(sequence) - start;
    }

    void finish(Sequence sequence) {
      while (answers.containsKey(sequence)) {
        step();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"20, 1024", "20, 96", "200, 1024", "200, 96"})
  void shouldNotLetAFloodDoubleAnotherTenantsTimeToFirstToken(int prompt, int blocks) {
    Simulation flooded = new Simulation(blocks);
    for (int i = 0; i < 300; i++) {
      flooded.send("flood", 0, 150, 100);
    }
    for (int i = 0; i < 50; i++) {
      flooded.step();
    }
    Simulation alone = new Simulation(blocks);
    for (int turn = 0; turn < 20; turn++) {
      Sequence calm = alone.send("calm", 0, prompt, 10);
      int quiet = alone.stepsToFirstToken(calm);
      alone.finish(calm);

      Sequence beside = flooded.send("calm", 0, prompt, 10);
      assertThat(flooded.stepsToFirstToken(beside))
          .as("turn %d", turn)
          .isLessThanOrEqualTo(2 * quiet);
      flooded.finish(beside);
    }
    assertThat(flooded.answers).as("the flood still waits").hasSizeGreaterThan(150);
  }

  @ParameterizedTest
  @CsvSource({"20, 1024", "20, 96", "200, 1024", "200, 96"})
  void shouldNotLetAFloodDoubleTheWorkBeforeAnothersFirstToken(int prompt, int blocks) {
    Simulation flooded = new Simulation(blocks, 4 * BUDGET);
    for (int i = 0; i < 3000; i++) {
      flooded.send("flood", 0, 250, 10);
    }
    flooded.finish(flooded.send("calm", 0, prompt, 10));
    Simulation alone = new Simulation(blocks, 4 * BUDGET);
    double quiet = 0;
    double beside = 0;
    for (int turn = 0; turn < 100; turn++) {
      Sequence calm = alone.send("calm", 0, prompt, 10);
      quiet -= alone.rows;
      alone.finish(calm);
      quiet += alone.firstTokenRows.get(calm);

      for (int i = random.nextInt(20); i >= 0; i--) {
        flooded.step();
      }
      calm = flooded.send("calm", 0, prompt, 10);
      // It came while the last step ran.
      beside -= flooded.rows - random.nextDouble() * flooded.lastStepRows;
      flooded.finish(calm);
      beside += flooded.firstTokenRows.get(calm);
    }
    assertThat(flooded.answers).as("the flood still waits").hasSizeGreaterThan(100);
    assertThat(beside).isLessThanOrEqualTo(2 * quiet);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 20})
  void shouldNotLetAPromptWaitForItsBeginningInAFloodsHands(int begun) {
    Simulation flooded = new Simulation(1024);
    flooded.finish(flooded.send("calm", 0, 20, 10));
    for (int i = 0; i < 20; i++) {
      flooded.send("flood", 0, 150, 100);
    }
    int[] common = random.ints(400, 0, 1000).toArray();
    Sequence leader = flooded.send("flood", 0, common, 100);
    for (int i = 0; i < 300; i++) {
      flooded.send("flood", 0, 150, 100);
    }
    while (leader.computed() <= begun * 8) {
      flooded.step();
    }
    Simulation alone = new Simulation(1024);
    int quiet = alone.stepsToFirstToken(alone.send("calm", 0, common, 10));
    assertThat(leader.computed()).as("the flood is throttled").isLessThan(common.length / 2);

    int[] prompt = common.clone();
    prompt[prompt.length - 1]++;
    Sequence calm = flooded.send("calm", 0, prompt, 10);
    assertThat(flooded.stepsToFirstToken(calm)).isLessThanOrEqualTo(2 * quiet);
  }

  @Test
  void shouldFillStepsAgainOnceTheOthersAreGone() {
    Simulation busy = new Simulation(1024);
    for (int i = 0; i < 3000; i++) {
      busy.send("flood", 0, 150, 1);
    }
    busy.step();
    assertThat(busy.lastStepRows).as("alone").isEqualTo(ROWS_OF_A_STEP + BUDGET);
    busy.finish(busy.send("calm", 0, 20, 1));
    busy.step();
    assertThat(busy.lastStepRows).as("shared").isLessThan(BUDGET / 2);
    int steps = 0;
    while (busy.lastStepRows < BUDGET) {
      busy.step();
      assertThat(++steps).as("steps until it is alone again").isLessThan(20_000);
    }
  }

  @Test
  void shouldGiveTwoFloodsEqualTokensWhateverTheirRequestsAreLike() {
    Simulation both = new Simulation(1024);
    for (int i = 0; i < 800; i++) {
      both.send("long prompts", 0, 250, 5);
      both.send("long answers", 0, 10, 120);
      both.send("long answers", 0, 10, 120);
    }
    for (int i = 0; i < 4000; i++) {
      both.step();
    }
    double ratio = both.computed.get("long prompts") / (double) both.computed.get("long answers");
    assertThat(ratio).isBetween(0.8, 1.25);
  }

  @ParameterizedTest
  @ValueSource(ints = {96, 1024})
  void shouldStartAHigherPriorityWithinTwoSteps(int blocks) {
    Simulation busy = new Simulation(blocks);
    for (int i = 0; i < 50; i++) {
      busy.send("batch", -1, 600, 400);
    }
    for (int i = 0; i < 40; i++) {
      busy.step();
    }
    for (int turn = 0; turn < 30; turn++) {
      Sequence urgent = busy.send("people", 1, 40, 20);
      assertThat(busy.stepsToFirstToken(urgent)).isLessThanOrEqualTo(2);
      busy.finish(urgent);
    }
  }

  @Test
  void shouldPreemptOnceForEachThatNeedsAPlace() {
    Simulation busy = new Simulation(1024);
    List<Sequence> batch = new ArrayList<>();
    for (int i = 0; i < RUNNING; i++) {
      batch.add(busy.send("batch", 0, 10, 500));
    }
    busy.step();
    busy.step();
    for (int turn = 1; turn <= 10; turn++) {
      Sequence urgent = busy.send("people", 1, 10, 20);
      busy.finish(urgent);
      assertThat(busy.planner.preemptions()).isEqualTo(turn);
      busy.step();
    }
    assertThat(batch).allMatch(busy.answers::containsKey);
    assertThat(batch.subList(0, RUNNING - 1))
        .as("the same one gives way each time")
        .allMatch(sequence -> sequence.generatedCount() > 200);
  }

  @Test
  void shouldNotExchangePlacesOnceSharesAreEqual() {
    Simulation busy = new Simulation(1024);
    for (int i = 0; i < 20; i++) {
      busy.send("a", 0, 10, 150);
    }
    busy.step();
    busy.step();
    for (int i = 0; i < 20; i++) {
      busy.send("b", 0, 10, 150);
    }
    for (int i = 0; i < 100; i++) {
      busy.step();
    }
    assertThat(busy.planner.preemptions()).isEqualTo(RUNNING / 2);
  }

  @Test
  void shouldPreemptNothingWhereThatIsNotEnough() {
    Simulation full = new Simulation(20);
    Sequence equal = full.send("a", 1, 200, 50);
    Sequence low = full.send("a", 0, 40, 50);
    full.stepsToFirstToken(equal);
    full.stepsToFirstToken(low);
    Sequence large = full.send("b", 1, 160, 1);
    full.step();
    full.step();
    assertThat(full.planner.preemptions()).isZero();
    full.finish(large);
    assertThat(full.answers).doesNotContainKey(equal);
  }
}
