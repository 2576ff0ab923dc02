package io.millrace.engine.schedule;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What waits and what runs, and who comes next: by priority, then the tenant with the least debt of
 * tokens, then the one with the fewest running, then by arrival. Not thread-safe.
 */
public final class FairQueue<T extends FairQueue.Entry> {

  /** Something that waits or runs. Its values must not change while it does. */
  public interface Entry {

    /** Higher comes earlier. */
    int priority();

    /** Whom it counts for; the tenants of one priority share what there is. */
    String tenant();

    /** Lower comes earlier; unique in its queue. */
    long arrival();
  }

  /** One priority. Once it has no entries it is forgotten, with what its tenants used. */
  private final class Level {
    private final TenantTokens tokens = new TenantTokens();
    private final Map<String, TreeSet<T>> waiting = new HashMap<>();
  }

  private final SortedMap<Integer, Level> levels = new TreeMap<>(Comparator.reverseOrder());
  private int size;

  /** Who comes first, given what tenants have used so far. */
  public final Comparator<Entry> order =
      Comparator.comparingInt(Entry::priority)
          .reversed()
          .thenComparingLong(this::debt)
          .thenComparingInt(this::running)
          .thenComparingLong(Entry::arrival);

  /** Lets a new entry wait. */
  public void add(T entry) {
    levels.computeIfAbsent(entry.priority(), priority -> new Level()).tokens.begin(entry.tenant());
    putBack(entry);
  }

  /** Lets an entry run that waited. */
  public void start(T entry) {
    Level level = levels.get(entry.priority());
    TreeSet<T> entries = level.waiting.get(entry.tenant());
    entries.remove(entry);
    if (entries.isEmpty()) {
      level.waiting.remove(entry.tenant());
    }
    level.tokens.goes(entry.tenant());
    size--;
  }

  /** Lets an entry wait that ran. */
  public void putBack(T entry) {
    Level level = levels.get(entry.priority());
    level.tokens.waits(entry.tenant());
    level
        .waiting
        .computeIfAbsent(
            entry.tenant(), tenant -> new TreeSet<>(Comparator.comparingLong(Entry::arrival)))
        .add(entry);
    size++;
  }

  /** Ends an entry that runs. */
  public void end(T entry) {
    Level level = levels.get(entry.priority());
    level.tokens.end(entry.tenant());
    if (level.tokens.activeTenants() == 0) {
      levels.remove(entry.priority());
    }
  }

  /** Adds to what the tenant of an entry has used; a negative number gives back. */
  public void charge(T entry, long tokens) {
    levels.get(entry.priority()).tokens.charge(entry.tenant(), tokens);
  }

  /** The best waiting entry, null if there is none. */
  public T best() {
    return best(entry -> true);
  }

  /**
   * The best waiting entry that may go, null if there is none.
   *
   * @param mayGo is asked only about the first entry of each tenant at each priority
   */
  public T best(Predicate<T> mayGo) {
    return firstOfLevels(entries -> mayGo.test(entries.first()) ? entries.first() : null);
  }

  /**
   * The best waiting entry that may go, null if there is none.
   *
   * @param mayGo is asked about the entries of each tenant in their order until one may
   */
  public T bestOfAll(Predicate<T> mayGo) {
    return firstOfLevels(entries -> entries.stream().filter(mayGo).findFirst().orElse(null));
  }

  private T firstOfLevels(Function<TreeSet<T>, T> ofTenant) {
    for (Level level : levels.values()) {
      T best =
          level.waiting.values().stream()
              .map(ofTenant)
              .filter(Objects::nonNull)
              .min(order)
              .orElse(null);
      if (best != null) {
        return best;
      }
    }
    return null;
  }

  /** How far beyond its allowance the tenant of an entry is. */
  long debt(Entry entry) {
    return levels.get(entry.priority()).tokens.debt(entry.tenant());
  }

  /** How many entries of an entry's tenant and priority run. */
  public int running(Entry entry) {
    return levels.get(entry.priority()).tokens.running(entry.tenant());
  }

  /** How many tenants have something waiting or running at an entry's priority. */
  public int tenants(Entry entry) {
    return levels.get(entry.priority()).tokens.activeTenants();
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many wait. */
  public int size() {
    return size;
  }
}
