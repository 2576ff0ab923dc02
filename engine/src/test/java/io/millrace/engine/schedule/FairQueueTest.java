package io.millrace.engine.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {
  private record Work(int priority, String tenant, long arrival) implements FairQueue.Entry {}

  private final FairQueue<Work> queue = new FairQueue<>();

  @Test
  void shouldGoByPriorityThenPlacesThenArrival() {
    Work lowest = add(-1, "b", 0);
    Work first = add(0, "a", 1);
    Work second = add(0, "a", 2);
    Work other = add(0, "b", 3);
    Work urgent = add(1, "a", 5);
    assertThat(drain()).containsExactly(urgent, first, other, second, lowest);
    assertThat(queue.best()).isNull();
    assertThat(queue.size()).isZero();
  }

  @Test
  void shouldLetATenantWaitThatIsFarAhead() {
    Work heavy = add(0, "a", 0);
    Work heavyLater = add(0, "a", 1);
    add(0, "a", 2);
    Work light = add(0, "b", 3);
    Work lightLater = add(0, "b", 4);
    queue.start(heavy);
    queue.charge(heavy, 10_000);
    queue.end(heavy);
    assertThat(queue.best()).isEqualTo(light);
    queue.start(light);
    assertThat(queue.best()).as("places do not matter beside a debt").isEqualTo(lightLater);
    queue.charge(light, 10_000);
    assertThat(queue.best()).isEqualTo(heavyLater);
  }

  @Test
  void shouldForgetWhatWasUsedWhereNothingIsLeft() {
    Work heavy = add(0, "a", 0);
    queue.start(heavy);
    queue.charge(heavy, 10_000);
    queue.end(heavy);
    add(0, "b", 1);
    Work again = add(0, "a", 2);
    assertThat(queue.debt(again)).isZero();
  }

  @Test
  void shouldSkipWhatMayNotGo() {
    add(1, "a", 0);
    add(0, "a", 1);
    Work other = add(0, "b", 2);
    assertThat(queue.best(work -> work.tenant().equals("b"))).isEqualTo(other);
    assertThat(queue.best(work -> false)).isNull();
  }

  @Test
  void shouldKeepThePlaceOfWhatIsPutBack() {
    Work first = add(0, "a", 0);
    add(0, "a", 1);
    queue.start(first);
    assertThat(queue.running(first)).isOne();
    queue.putBack(first);
    assertThat(queue.best()).isEqualTo(first);
    assertThat(queue.running(first)).isZero();
  }

  private List<Work> drain() {
    List<Work> order = new ArrayList<>();
    while (!queue.isEmpty()) {
      Work best = queue.best();
      queue.start(best);
      order.add(best);
    }
    return order;
  }

  private Work add(int priority, String tenant, long arrival) {
    Work work = new Work(priority, tenant, arrival);
    queue.add(work);
    return work;
  }
}
