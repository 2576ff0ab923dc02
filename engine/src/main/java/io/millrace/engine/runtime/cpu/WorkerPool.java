package io.millrace.engine.runtime.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share the items of one task at a time with the calling thread. Threads take
 * items as they come, so one that wakes late costs nothing: the others have done its share.
 */
final class WorkerPool implements AutoCloseable {
  /** One item of a task. */
  interface Task {
    /**
     * @param worker number of the thread, 0 is the caller
     */
    void run(int item, int worker);
  }

  private static final int SPINS = 20_000;

  private final Thread[] workers;
  private final boolean spin;
  private volatile Job current = new Job(null, 0, null);
  private volatile boolean closed;

  WorkerPool(int threads, boolean spin) {
    this.spin = spin;
    this.workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int worker = i + 1;
      workers[i] = new Thread(() -> work(worker), "millrace-runtime-" + worker);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  /** Threads, the caller included. */
  int size() {
    return workers.length + 1;
  }

  /** Runs all items; a failure is thrown once every item has ended. */
  void run(int items, Task task) {
    if (items <= 1 || workers.length == 0) {
      for (int i = 0; i < items; i++) {
        task.run(i, 0);
      }
      return;
    }
    Job job = new Job(task, items, Thread.currentThread());
    current = job;
    for (int i = 0; i < Math.min(workers.length, items - 1); i++) {
      LockSupport.unpark(workers[i]);
    }
    job.drain(0);
    job.await();
  }

  private void work(int worker) {
    Job seen = current;
    while (!closed) {
      Job job = current;
      if (job == seen) {
        idle(seen);
      } else {
        job.drain(worker);
        seen = job;
      }
    }
  }

  private void idle(Job seen) {
    for (int i = 0; spin && i < SPINS; i++) {
      if (current != seen) {
        return;
      }
      Thread.onSpinWait();
    }
    if (current == seen && !closed) {
      LockSupport.park(this);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private static final class Job {
    private final Task task;
    private final int items;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(Task task, int items, Thread caller) {
      this.task = task;
      this.items = items;
      this.caller = caller;
    }

    void drain(int worker) {
      int item;
      while ((item = next.getAndIncrement()) < items) {
        try {
          task.run(item, worker);
        } catch (Throwable t) {
          failure = t;
        }
        if (done.incrementAndGet() == items) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await() {
      boolean interrupted = false;
      while (done.get() < items) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
    }
  }
}
