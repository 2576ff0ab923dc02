package io.millrace.engine.runtime.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A few threads that share the items of one task at a time with the calling thread. Threads take
 * items as they come, so one that wakes late costs nothing: the others have done its share. Sharing
 * allocates nothing.
 *
 * <p>A task and its number of items are plain fields, guarded by the ticket: its upper half numbers
 * the task, its lower half is the next item. Before the fields change the ticket shows that no item
 * is left, and only then the next number, so whoever has read other fields cannot take an item.
 */
final class WorkerPool implements AutoCloseable {
  /** One item of a task. */
  interface Task {
    /**
     * @param worker number of the thread, 0 is the caller
     */
    void run(int item, int worker);
  }

  /** What the gaps between the tasks of one step take: to sleep and wake takes as long. */
  private static final long SHORT_SPIN_NANOS = 50_000;

  /** What the gaps between the steps of a busy engine take. */
  private static final long LONG_SPIN_NANOS = 2_000_000;

  private static final int NONE_LEFT = Integer.MAX_VALUE;

  private final long spinNanos;
  private final Worker[] workers;
  private final AtomicLong ticket = new AtomicLong(NONE_LEFT);
  private final AtomicInteger done = new AtomicInteger();
  private Task task;
  private int items;
  private volatile Thread waiting;
  private volatile Throwable failure;
  private volatile boolean closed;

  /**
   * @param spin whether threads look for work for milliseconds before they sleep, and not only as
   *     long as the gaps within a step last
   */
  WorkerPool(int threads, boolean spin) {
    this.spinNanos = spin ? LONG_SPIN_NANOS : SHORT_SPIN_NANOS;
    this.workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /** Threads, the caller included. */
  int size() {
    return workers.length + 1;
  }

  /** Runs all items; a failure is thrown once every item has ended. */
  void run(int count, Task shared) {
    if (count <= 1 || workers.length == 0) {
      for (int i = 0; i < count; i++) {
        shared.run(i, 0);
      }
      return;
    }
    long number = ticket.get() >>> 32;
    ticket.set(number << 32 | NONE_LEFT);
    task = shared;
    items = count;
    failure = null;
    done.set(0);
    ticket.set(number + 1 << 32);
    for (int i = 0; i < Math.min(workers.length, count - 1); i++) {
      workers[i].wake();
    }
    drain(0);
    await(count);
  }

  private void drain(int worker) {
    while (true) {
      long taken = ticket.get();
      Task current = task;
      int count = items;
      int item = (int) taken;
      if (item >= count) {
        return;
      }
      if (!ticket.compareAndSet(taken, taken + 1)) {
        continue;
      }
      try {
        current.run(item, worker);
      } catch (Throwable t) {
        failure = t;
      }
      if (done.incrementAndGet() == count) {
        LockSupport.unpark(waiting);
      }
    }
  }

  private void await(int count) {
    if (done.get() < count && !spinUntilDone(count)) {
      sleepUntilDone(count);
    }
    task = null;
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private boolean spinUntilDone(int count) {
    long end = System.nanoTime() + spinNanos;
    do {
      Thread.onSpinWait();
      if (done.get() >= count) {
        return true;
      }
    } while (System.nanoTime() < end);
    return false;
  }

  private void sleepUntilDone(int count) {
    waiting = Thread.currentThread();
    boolean interrupted = false;
    while (done.get() < count) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiting = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private final class Worker extends Thread {
    private final int number;
    private volatile boolean asleep;

    Worker(int number) {
      super("millrace-runtime-" + number);
      this.number = number;
      setDaemon(true);
    }

    void wake() {
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      long seen = 0;
      while (!closed) {
        long task = ticket.get() >>> 32;
        if (task == seen) {
          idle(seen);
        } else {
          drain(number);
          seen = task;
        }
      }
    }

    private void idle(long seen) {
      long end = System.nanoTime() + spinNanos;
      do {
        Thread.onSpinWait();
        if (ticket.get() >>> 32 != seen) {
          return;
        }
      } while (System.nanoTime() < end);
      asleep = true;
      while (ticket.get() >>> 32 == seen && !closed) {
        LockSupport.park(WorkerPool.this);
      }
      asleep = false;
    }
  }
}
