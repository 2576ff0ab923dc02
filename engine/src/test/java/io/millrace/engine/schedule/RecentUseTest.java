package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentUseTest {
  private record Work(int priority, String tenant, long arrival) implements FairQueue.Entry {}

  private static final Work A = new Work(0, "a", 0);
  private static final Work B = new Work(0, "b", 1);
  private static final Work BATCH_OF_B = new Work(-1, "b", 2);

  private final RecentUse use = new RecentUse();

  @Test
  void shouldLeaveAllToATenantThatIsAlone() {
    charge(A, 100_000);
    assertThat(use.exceedsPart(A)).isFalse();
  }

  @Test
  void shouldNameWhoUsedMoreThanOthers() {
    charge(A, 500);
    charge(B, 20);
    assertThat(use.exceedsPart(A)).isTrue();
    assertThat(use.exceedsPart(B)).isFalse();
    charge(B, 300);
    assertThat(use.exceedsPart(A)).as("500 beside 320").isFalse();
  }

  @Test
  void shouldNotComparePriorities() {
    charge(BATCH_OF_B, 500);
    charge(A, 20);
    assertThat(use.exceedsPart(BATCH_OF_B)).isFalse();
    charge(B, 300);
    assertThat(use.exceedsPart(B)).isTrue();
    assertThat(use.exceedsPart(BATCH_OF_B)).isFalse();
  }

  @Test
  void shouldCountTheLastTokensMost() {
    charge(A, 100_000);
    charge(B, 40_000);
    assertThat(use.exceedsPart(B)).isTrue();
    assertThat(use.exceedsPart(A)).isFalse();
  }

  @Test
  void shouldForgetWhoHasNotBeenSeenForLong() {
    charge(B, 40);
    for (int step = 0; step < 100; step++) {
      charge(A, 500);
      assertThat(use.exceedsPart(A)).as("step %d", step).isTrue();
    }
    for (int step = 0; step < 100; step++) {
      charge(A, 500);
    }
    assertThat(use.exceedsPart(A)).isFalse();
    charge(B, 1);
    assertThat(use.exceedsPart(A)).isTrue();
  }

  private void charge(Work work, int tokens) {
    use.charge(work, tokens);
    use.settle();
  }
}
