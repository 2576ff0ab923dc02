package io.millrace.engine.runtime.cpu;

/** The threads that work on one block of rows: all of them, or one alone. */
interface Crew {

  void share(int items, WorkerPool.Task task);

  /** Whether the engine's thread is one of them: its time is what a step takes. */
  boolean leads();

  static Crew all(WorkerPool workers) {
    return new Crew() {
      @Override
      public void share(int items, WorkerPool.Task task) {
        workers.run(items, task);
      }

      @Override
      public boolean leads() {
        return true;
      }
    };
  }

  static Crew alone(int worker) {
    return new Crew() {
      @Override
      public void share(int items, WorkerPool.Task task) {
        for (int item = 0; item < items; item++) {
          task.run(item, worker);
        }
      }

      @Override
      public boolean leads() {
        return worker == 0;
      }
    };
  }
}
