package io.millrace.operators.serving;

import io.millrace.operators.record.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.flink.runtime.taskexecutor.GlobalAggregateManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the job's master what a task has in its engine, so that a prompt that kills the process is
 * known for it afterwards: a killed process writes no checkpoint, and the one before it knows
 * nothing of the prompt's end.
 *
 * <p>Where the job has been restarted before, a prompt enters the engine only when the master knows
 * of it. A task that ends in order takes its marks back: only deaths count. Should the master die
 * as well, counting begins again.
 */
public final class CrashLedger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CrashLedger.class);
  private static final int KEY_BYTES = 16;
  private static final long CLOSE_MILLIS = 2000;

  private final String name;
  private final GlobalAggregateManager aggregates;
  private final boolean careful;
  private final CrashMarks marks = new CrashMarks();
  private final long incarnation;
  private final Set<String> begun = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private Map<String, long[]> report = new HashMap<>();
  private List<Entry> entries = new ArrayList<>();
  private boolean scheduled;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread daemon = new Thread(work, "crash-ledger");
            daemon.setDaemon(true);
            return daemon;
          });

  /**
   * The processes that died with a prompt.
   *
   * @param alone those in which it was alone in the engine
   */
  record Deaths(int all, int alone) {
    static final Deaths NONE = new Deaths(0, 0);
  }

  /** Who waits to hear of the deaths of a key. */
  private record Entry(String key, Consumer<Deaths> deaths) {}

  /**
   * @param name of the operator, the same in all its subtasks
   * @param careful whether the job has been restarted
   */
  public CrashLedger(String name, GlobalAggregateManager aggregates, boolean careful) {
    this.name = "in-engine-" + name;
    this.aggregates = aggregates;
    this.careful = careful;
    UUID id = UUID.randomUUID();
    incarnation = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
  }

  /** Whether a prompt had better wait until {@link #begin} has answered. */
  public boolean isCareful() {
    return careful;
  }

  /**
   * Says that a prompt enters the engine.
   *
   * @param alone whether nothing else is in the engine meanwhile
   * @param deaths hears, on another thread, of the processes that died with it; not at all where
   *     the ledger is closed meanwhile
   */
  void begin(String prompt, boolean alone, Consumer<Deaths> deaths) {
    String key = key(prompt);
    begun.add(key);
    say(key, CrashMarks.BEGIN, alone, new Entry(key, deaths));
  }

  /** Says that a prompt has left the engine. */
  public void end(String prompt) {
    String key = key(prompt);
    if (begun.remove(key)) {
      say(key, CrashMarks.END, false, null);
    }
  }

  /** Says that a prompt that was to enter the engine waits outside, with its deaths until now. */
  void hold(String prompt) {
    String key = key(prompt);
    if (begun.remove(key)) {
      say(key, CrashMarks.WAIT, false, null);
    }
  }

  private void say(String key, long operation, boolean alone, Entry entry) {
    synchronized (lock) {
      report.put(key, new long[] {operation, incarnation, alone ? 1 : 0});
      if (entry != null) {
        entries.add(entry);
      }
      if (!scheduled && !thread.isShutdown()) {
        scheduled = true;
        thread.execute(this::send);
      }
    }
  }

  private void send() {
    HashMap<String, long[]> said;
    List<Entry> asked;
    synchronized (lock) {
      said = new HashMap<>(report);
      asked = entries;
      report = new HashMap<>();
      entries = new ArrayList<>();
      scheduled = false;
    }
    Map<String, long[]> deaths = Map.of();
    try {
      deaths = aggregates.updateGlobalAggregate(name, said, marks);
    } catch (IOException | RuntimeException | Error e) {
      // A master that is away must not keep answers back, nor must a thread that has no memory.
      LOG.warn("The job's master does not take note of {} prompts", said.size(), e);
    }
    for (Entry entry : asked) {
      long[] found = deaths.get(entry.key());
      entry
          .deaths()
          .accept(found == null ? Deaths.NONE : new Deaths((int) found[0], (int) found[1]));
    }
  }

  /** Short, of one length, and without the user's data. */
  private static String key(String prompt) {
    byte[] hash = Digests.sha256().digest(prompt.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, KEY_BYTES);
  }

  /** Takes back what is in the engine: the task ends in order. */
  @Override
  public void close() {
    synchronized (lock) {
      entries.clear();
    }
    begun.forEach(key -> say(key, CrashMarks.END, false, null));
    begun.clear();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
