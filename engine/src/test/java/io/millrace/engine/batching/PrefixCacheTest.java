package io.millrace.engine.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.FinishReason;
import io.millrace.engine.Generation;
import io.millrace.engine.sample.SamplingParameters;
import io.millrace.engine.schedule.Limits;
import io.millrace.engine.testing.Collector;
import io.millrace.engine.testing.GatedRuntime;
import io.millrace.engine.testing.TestEngines;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a prompt is computed and what comes from the cache, in tokens. */
@Timeout(120)
class PrefixCacheTest {
  private static final int BLOCK = 16;
  private static final int CONVERSATIONS = 100;
  private static final int SYSTEM = 1000;

  /** Whole blocks of the system prompt, and what is left of it. */
  private static final int SHARED = SYSTEM / BLOCK * BLOCK;

  private static final int REST = SYSTEM - SHARED;
  private static final int QUESTION = 20;

  private final Random random = new Random(7);
  private final GatedRuntime runtime = new GatedRuntime(1024, BLOCK);
  private final ContinuousBatchingEngine engine =
      TestEngines.open(runtime, new Limits(64, 512, 64), Clock.systemUTC());

  private Generation leader;

  @AfterEach
  void close() {
    runtime.open();
    engine.close();
  }

  @Test
  void shouldComputeOnlyWhatASecondTurnAdds() {
    int[] history = tokens(4000);
    Collector first = new Collector();
    submit(history, 30, first);
    int[] answer = first.result().tokens();
    int[] next = join(join(history, answer), tokens(50));

    Collector second = new Collector();
    submit(next, 1, second);

    int computedBefore = history.length + answer.length - 1;
    int kept = computedBefore / BLOCK * BLOCK;
    assertThat(first.result().usage().cachedTokens()).isZero();
    assertThat(second.result().usage().cachedTokens()).isEqualTo(kept);
    assertThat(kept).as("all but the rest of a block").isGreaterThan(computedBefore - BLOCK);
  }

  @Test
  void shouldPrefillASharedSystemPromptOnce() {
    List<Collector> heard = submitTogether();
    runtime.open();
    List<Integer> cached = cached(heard);
    assertThat(cached).containsOnlyOnce(0).contains(SHARED).hasSize(CONVERSATIONS);
    assertThat(cached.stream().mapToInt(c -> c).sum()).isEqualTo((CONVERSATIONS - 1) * SHARED);
    int leader = SYSTEM + QUESTION;
    int followers = (CONVERSATIONS - 1) * (REST + QUESTION);
    // Counted by the runtime, so that nothing computed twice goes unseen.
    assertThat(engine.stats().preemptions()).isZero();
    assertThat(runtime.computedTokens() - CONVERSATIONS * 3L).isEqualTo(leader + followers);
  }

  @Test
  void shouldGoOnWhereACancelledLeaderStopped() {
    List<Collector> heard = submitTogether();
    runtime.permitStep(); // 512 tokens of the first
    runtime.awaitStep();
    leader.cancel();
    runtime.open();
    assertThat(heard.get(0).result().finishReason()).isEqualTo(FinishReason.CANCELLED);
    List<Integer> cached = cached(heard.subList(1, heard.size()));
    // Its second step was under way when it was cancelled and filled blocks for the others too.
    int byLeader = cached.stream().mapToInt(c -> c).min().orElseThrow();
    assertThat(byLeader).isGreaterThanOrEqualTo(512);
    assertThat(cached.stream().filter(c -> c == SHARED)).hasSizeGreaterThan(CONVERSATIONS - 3);
  }

  /** All are in the engine's inbox before it plans a step with any of them. */
  private List<Collector> submitTogether() {
    int[] system = tokens(SYSTEM);
    runtime.shut();
    Collector before = new Collector();
    submit(tokens(1), 1, before);
    runtime.awaitStep();
    List<Collector> heard = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      heard.add(new Collector());
      Generation generation = submit(join(system, tokens(QUESTION)), 4, heard.get(i));
      leader = i == 0 ? generation : leader;
    }
    runtime.permitStep();
    runtime.awaitStep();
    runtime.countFromHere();
    return heard;
  }

  private static List<Integer> cached(List<Collector> heard) {
    return heard.stream().map(c -> c.result().usage().cachedTokens()).toList();
  }

  private Generation submit(int[] prompt, int newTokens, Collector heard) {
    SamplingParameters sampling =
        SamplingParameters.builder().temperature(0).maxNewTokens(newTokens).ignoreEos(true).build();
    return engine.submit(TestEngines.request("r", prompt, sampling), heard);
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, 90).toArray();
  }

  private static int[] join(int[] first, int[] second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
