package io.millrace.engine.assembly;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineOptions;
import io.millrace.engine.ForwardingEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One engine per options and JVM, counted by reference: all tasks of a task manager share a model,
 * and the last one to close it frees it. On a cluster this class must come from the parent class
 * loader, or every submission of the job has engines of its own.
 */
public final class SharedEngines {

  /** Opens an engine for the first who asks for it. */
  @FunctionalInterface
  public interface Opener {
    Engine open(EngineOptions options) throws Exception;
  }

  private static final class Entry {
    private Engine engine;
    private int users;
    private final AtomicReference<Share> reporter = new AtomicReference<>();
  }

  private static final Map<EngineOptions, Entry> OPEN = new HashMap<>();

  private SharedEngines() {}

  /** Opens the engine of these options or joins it; the caller closes what it got. */
  public static Engine acquire(EngineOptions options, Opener opener) throws Exception {
    // Opening takes seconds; whoever else asks meanwhile needs its result anyway.
    synchronized (OPEN) {
      Entry entry = OPEN.get(options);
      if (entry != null && entry.engine.isStopped()) {
        // It has failed: whoever comes now gets another, even while somebody holds on to this one.
        OPEN.remove(options);
        entry.engine.close();
        entry = null;
      }
      if (entry == null) {
        entry = new Entry();
        entry.engine = opener.open(options);
        OPEN.put(options, entry);
      }
      entry.users++;
      return new Share(options, entry);
    }
  }

  private static void release(EngineOptions options, Entry entry) {
    synchronized (OPEN) {
      entry.users--;
      if (entry.users == 0) {
        OPEN.remove(options, entry);
        // Under the lock: a model must be gone before it is opened again.
        entry.engine.close();
      }
    }
  }

  /** One user's view of a shared engine. */
  private static final class Share extends ForwardingEngine {
    private final EngineOptions options;
    private final Entry entry;
    private boolean closed;

    private Share(EngineOptions options, Entry entry) {
      super(entry.engine);
      this.options = options;
      this.entry = entry;
    }

    @Override
    public synchronized boolean isReporter() {
      if (closed) {
        return false;
      }
      entry.reporter.compareAndSet(null, this);
      return entry.reporter.get() == this;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        entry.reporter.compareAndSet(this, null);
        release(options, entry);
      }
    }
  }
}
