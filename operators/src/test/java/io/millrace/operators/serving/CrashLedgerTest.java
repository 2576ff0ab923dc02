package io.millrace.operators.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks of one operator, one after the other, before a master that outlives them. */
@Timeout(60)
class CrashLedgerTest {
  private final TestMaster master = new TestMaster();

  private CrashLedger task() {
    return new CrashLedger("operator", master, true);
  }

  private static int begin(CrashLedger task, String prompt) throws Exception {
    return begin(task, prompt, false).all();
  }

  private static CrashLedger.Deaths begin(CrashLedger task, String prompt, boolean alone)
      throws Exception {
    CompletableFuture<CrashLedger.Deaths> deaths = new CompletableFuture<>();
    task.begin(prompt, alone, deaths::complete);
    return deaths.get();
  }

  @Test
  void shouldTellOfTheDeathsInWhichThePromptWasAlone() throws Exception {
    begin(task(), "poison", false);
    CrashLedger second = task();
    begin(second, "poison", false);
    begin(second, "poison", true);
    assertThat(begin(task(), "poison", false)).isEqualTo(new CrashLedger.Deaths(2, 1));
    assertThat(begin(task(), "poison", false)).isEqualTo(new CrashLedger.Deaths(3, 1));
  }

  @Test
  void shouldCountTheProcessesThatDiedWithAPrompt() throws Exception {
    assertThat(begin(task(), "poison")).isZero();
    assertThat(begin(task(), "poison")).isEqualTo(1);
    CrashLedger third = task();
    assertThat(begin(third, "other")).isZero();
    assertThat(begin(third, "poison")).isEqualTo(2);
    assertThat(begin(third, "poison")).as("in the same process").isEqualTo(2);
  }

  @Test
  void shouldForgetWhatCameToItsEnd() throws Exception {
    CrashLedger first = task();
    begin(first, "a");
    begin(first, "b");
    first.end("a");
    begin(first, "c");
    CrashLedger second = task();
    assertThat(begin(second, "a")).isZero();
    assertThat(begin(second, "b")).isEqualTo(1);
    second.end("b");
    begin(second, "d");
    assertThat(begin(task(), "b")).isZero();
  }

  @Test
  void shouldNotCountTheProcessesThatDiedWhileAPromptWaited() throws Exception {
    begin(task(), "a");
    CrashLedger second = task();
    assertThat(begin(second, "a")).isEqualTo(1);
    second.hold("a");
    begin(second, "poison");
    CrashLedger third = task();
    assertThat(begin(third, "poison")).isEqualTo(1);
    assertThat(begin(third, "a")).as("it was not in the engine that died").isEqualTo(1);
    assertThat(begin(task(), "a")).as("now it was").isEqualTo(2);
  }

  @Test
  void shouldCountNoTaskThatEndsInOrder() throws Exception {
    CrashLedger first = task();
    begin(first, "a");
    first.close();
    assertThat(begin(task(), "a")).isZero();
  }

  @Test
  void shouldLetPromptsThroughWhileTheMasterIsAway() throws Exception {
    begin(task(), "a");
    master.leave();
    assertThat(begin(task(), "a")).isZero();
  }

  @Test
  void shouldLetPromptsThroughWhereNobodyCanBeAsked() throws Exception {
    CrashLedger task =
        new CrashLedger(
            "operator",
            new GlobalAggregateManager() {
              @Override
              public <IN, ACC, OUT> OUT updateGlobalAggregate(
                  String name, Object aggregand, AggregateFunction<IN, ACC, OUT> function) {
                throw new OutOfMemoryError("on purpose");
              }
            },
            true);
    assertThat(begin(task, "a")).isZero();
    task.close();
  }

  @Test
  void shouldForgetWhatNobodyAskedForInADay() {
    HashMap<String, long[]> marks = new HashMap<>();
    HashMap<String, long[]> report =
        new HashMap<>(Map.of("a", new long[] {CrashMarks.BEGIN, 1, 0}));
    CrashMarks.add(report, marks, 0);
    CrashMarks.add(new HashMap<>(), marks, CrashMarks.EXPIRY.toNanos());
    assertThat(marks).containsOnlyKeys("a");
    CrashMarks.add(new HashMap<>(), marks, CrashMarks.EXPIRY.toNanos() + 1);
    assertThat(marks).isEmpty();
  }
}
