package io.millrace.engine.schedule;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the tokens that tenants use at one priority, so that the one that used least comes next. A
 * tenant may be ahead of the others by {@link #ALLOWANCE} before it has to wait for them.
 */
final class TenantTokens {

  /** How far the use of a tenant may exceed the least without a debt: enough for a few turns. */
  static final long ALLOWANCE = 4096;

  /** How many tenants without work have their use remembered. */
  static final int MAX_IDLE = 1024;

  private static final class Account {
    private long used;
    private int work;
    private int waiting;
  }

  private final Map<String, Account> active = new HashMap<>();

  /** What tenants without work had used; the one whose work ended last stands last. */
  private final Map<String, Long> idle =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_IDLE;
        }
      };

  /** The least use of the tenants with waiting work; the last such value while nothing waits. */
  private long least;

  private boolean leastIsOld;

  /** A tenant has one more piece of work. */
  void begin(String tenant) {
    Account account = active.get(tenant);
    if (account == null) {
      account = new Account();
      Long before = idle.remove(tenant);
      account.used = before == null ? 0 : before;
      active.put(tenant, account);
    }
    account.work++;
  }

  /** A piece of work that does not wait is done. */
  void end(String tenant) {
    Account account = active.get(tenant);
    if (--account.work == 0) {
      active.remove(tenant);
      idle.put(tenant, account.used);
    }
  }

  /**
   * A piece of work waits. A tenant for which nothing waited starts level with the one that has
   * used least: a time without requests earns it no advantage.
   */
  void waits(String tenant) {
    Account account = active.get(tenant);
    if (account.waiting == 0) {
      account.used = Math.max(account.used, least());
    }
    account.waiting++;
    leastIsOld = true;
  }

  /** A piece of work stops waiting. */
  void goes(String tenant) {
    Account account = active.get(tenant);
    account.waiting--;
    leastIsOld = true;
    least = account.used;
  }

  /** Adds to what a tenant with work has used; a negative number gives back. */
  void charge(String tenant, long tokens) {
    active.get(tenant).used += tokens;
    leastIsOld = true;
  }

  /** How much more than its allowance a tenant has used. */
  long debt(String tenant) {
    return Math.max(0, active.get(tenant).used - least() - ALLOWANCE);
  }

  /** How many pieces of work of a tenant do not wait. */
  int running(String tenant) {
    Account account = active.get(tenant);
    return account == null ? 0 : account.work - account.waiting;
  }

  /** How many tenants have work. */
  int activeTenants() {
    return active.size();
  }

  int idleTenants() {
    return idle.size();
  }

  private long least() {
    if (leastIsOld) {
      leastIsOld = false;
      least =
          active.values().stream()
              .filter(account -> account.waiting > 0)
              .mapToLong(account -> account.used)
              .min()
              .orElse(least);
    }
    return least;
  }
}
