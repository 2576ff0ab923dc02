package io.millrace.operators.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two JVMs of a job, each with its gate; rounds are run by hand. */
class FlowGateTest {
  private final FlowTotals totals = new FlowTotals();
  private final HashMap<String, long[]> master = totals.createAccumulator();
  private boolean masterIsAway;
  private final FlowGate here = new FlowGate("flow");
  private final FlowGate there = new FlowGate("flow");

  private long[] exchange(String flow, HashMap<String, long[]> report) throws IOException {
    if (masterIsAway) {
      throw new IOException("away");
    }
    return totals.getResult(totals.add(report, master));
  }

  private void join() {
    here.add("0", here, this::exchange);
    there.add("1", there, this::exchange);
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      here.round();
      there.round();
    }
  }

  @Test
  void shouldCloseAtOnceWhereAnOperatorIsFull() {
    join();
    here.report("0", here, 3, true);
    assertThat(here.isOpen()).isFalse();
    CompletableFuture<Void> change = here.nextChange();
    here.report("0", here, 2, false);
    assertThat(here.isOpen()).isTrue();
    assertThat(change).isCompleted();
  }

  @Test
  void shouldCloseEverywhereAndOpenEverywhere() {
    join();
    here.report("0", here, 3, true);
    rounds(1);
    assertThat(there.isOpen()).isFalse();
    CompletableFuture<Void> change = there.nextChange();
    here.report("0", here, 1, false);
    rounds(1);
    assertThat(change).isCompleted();
    assertThat(there.isOpen()).isTrue();
  }

  @Test
  void shouldBeEmptyOnlyWhenNobodyHoldsAnythingForAWhile() {
    join();
    there.report("1", there, 1, false);
    here.awaitEmptiness();
    rounds(10);
    assertThat(here.isEmpty()).isFalse();
    there.report("1", there, 0, false);
    rounds(2);
    assertThat(here.isEmpty()).as("the word may be old").isFalse();
    CompletableFuture<Void> change = here.nextChange();
    rounds(5);
    assertThat(here.isEmpty()).isTrue();
    assertThat(change).isCompleted();
  }

  @Test
  void shouldForgetASubtaskThatHasLeft() {
    join();
    there.report("1", there, 5, true);
    rounds(1);
    there.leave("1", there);
    rounds(2);
    assertThat(here.isOpen()).isTrue();
    assertThat(master).containsOnlyKeys("0");
  }

  @Test
  void shouldNotHearASubtaskWhoseSuccessorIsThere() {
    here.add("0", "before", this::exchange);
    here.add("0", "after", this::exchange);
    here.report("0", "after", 5, true);
    here.report("0", "before", 0, false);
    here.leave("0", "before");
    here.round();
    assertThat(here.isOpen()).isFalse();
    assertThat(totals.getResult(master)).containsExactly(1, 5);
    here.leave("0", "after");
    here.round();
    assertThat(here.isOpen()).isTrue();
    assertThat(master).isEmpty();
  }

  @Test
  void shouldGoByWhatItKnowsWhileTheMasterIsAway() {
    join();
    there.report("1", there, 5, true);
    rounds(1);
    masterIsAway = true;
    here.awaitEmptiness();
    rounds(10);
    assertThat(here.isOpen()).isTrue();
    assertThat(there.isOpen()).isFalse();
    assertThat(here.isEmpty()).as("nobody can say so").isFalse();
  }

  @Test
  void shouldForgetATaskManagerThatSaysNothingAnyMore() {
    HashMap<String, long[]> report = new HashMap<>();
    report.put("1", new long[] {7, 1});
    FlowTotals.add(report, master, 0);
    report.clear();
    report.put("0", new long[] {1, 0});
    FlowTotals.add(report, master, FlowTotals.EXPIRY.toNanos());
    assertThat(totals.getResult(master)).containsExactly(1, 8);
    FlowTotals.add(report, master, FlowTotals.EXPIRY.toNanos() + 1);
    assertThat(totals.getResult(master)).containsExactly(0, 1);
  }

  @Test
  @Timeout(60)
  void shouldRunRoundsAfterOneThatFailed() throws Exception {
    CompletableFuture<Void> third = new CompletableFuture<>();
    AtomicInteger rounds = new AtomicInteger();
    FlowControl control = FlowControl.of("operator");
    FlowReporter reporter =
        control.join(
            0,
            (flow, report) -> {
              switch (rounds.incrementAndGet()) {
                case 1 -> throw new OutOfMemoryError("on purpose");
                case 2 -> throw new NoClassDefFoundError("on purpose");
                default -> third.complete(null);
              }
              return new long[2];
            });
    third.get();
    reporter.close();
  }

  @Test
  void shouldRunRoundsOfItsOwnAndEndThem() throws Exception {
    CompletableFuture<String> heard = new CompletableFuture<>();
    CompletableFuture<Void> left = new CompletableFuture<>();
    FlowControl control = FlowControl.of("operator");
    FlowReporter reporter =
        control.join(
            3,
            (flow, report) -> {
              heard.complete(flow + report.keySet());
              if (report.containsKey("3") && report.get("3")[0] == FlowTotals.LEFT) {
                left.complete(null);
              }
              return new long[2];
            });
    assertThat(heard.get()).isEqualTo(control.name() + "[3]");
    FlowGate gate = control.acquire();
    reporter.report(1, true);
    assertThat(gate.isOpen()).isFalse();
    reporter.close();
    control.release();
    left.get();
  }
}
