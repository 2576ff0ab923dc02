package io.millrace.engine.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerPoolTest {
  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "4, false", "3, true"})
  void shouldRunEveryItemOnceOnAKnownWorker(int threads, boolean spin) {
    try (WorkerPool pool = new WorkerPool(threads, spin)) {
      for (int round = 0; round < 300; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(17);
        AtomicIntegerArray workers = new AtomicIntegerArray(threads);
        pool.run(
            17,
            (item, worker) -> {
              runs.incrementAndGet(item);
              workers.incrementAndGet(worker);
            });
        for (int i = 0; i < runs.length(); i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void shouldThrowAfterAllItemsHaveEndedAndGoOn() {
    try (WorkerPool pool = new WorkerPool(3, false)) {
      AtomicIntegerArray runs = new AtomicIntegerArray(1);
      assertThatThrownBy(
              () ->
                  pool.run(
                      50,
                      (item, worker) -> {
                        runs.incrementAndGet(0);
                        if (item == 7) {
                          throw new IllegalStateException("item 7");
                        }
                      }))
          .hasMessage("item 7");
      assertThat(runs.get(0)).isEqualTo(50);
      pool.run(10, (item, worker) -> runs.incrementAndGet(0));
      assertThat(runs.get(0)).isEqualTo(60);
    }
  }
}
