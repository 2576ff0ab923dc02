package io.millrace.engine.runtime.probe;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Lets several threads measure at the same time, as they share memory and caches in a step. */
final class Together {
  private Together() {}

  /** Adds up what each thread returns for its number. */
  static double sum(int threads, IntToDoubleFunction task) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Double>> tasks =
          IntStream.range(0, threads)
              .<Callable<Double>>mapToObj(thread -> () -> task.applyAsDouble(thread))
              .toList();
      double sum = 0;
      for (Future<Double> result : pool.invokeAll(tasks)) {
        sum += result.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the machine was probed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the machine cannot be probed: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
    }
  }
}
