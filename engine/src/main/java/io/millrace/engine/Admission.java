package io.millrace.engine;

import io.millrace.engine.schedule.FairQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/*
 * Design
 *
 * Whoever submits holds a place, so that the prompts in the engine are bounded, whatever many
 * tasks of the JVM share it. What waits for a place costs no more than its ticket.
 *
 * Places go by priority, then by tenants' tokens (FairQueue). A place that is held by a lower
 * priority is none to a higher one, so the bound holds for each priority with those above it. And a
 * tenant that has less than its part of the places gets one although others of its priority hold
 * all: the engine makes it run beside a flood, so it must not wait for one here. That at most
 * doubles the bound.
 *
 * Alone. When an engine has died of a request, those that it worked on are suspects. Each of them
 * gets a place of its own, with nobody else in the engine, so that the guilty one is found and
 * nobody dies with it twice.
 */

/** The places of one engine, and who waits for one. Safe to use from any thread. */
public final class Admission {

  /** Somebody's wish for a place, and then the place itself. */
  public final class Ticket implements FairQueue.Entry {
    private final int priority;
    private final String tenant;
    private final boolean alone;
    private final Runnable onGranted;
    private long arrival;
    private boolean granted;
    private boolean taken;
    private boolean closed;

    private Ticket(int priority, String tenant, boolean alone, Runnable onGranted) {
      this.priority = priority;
      this.tenant = tenant;
      this.alone = alone;
      this.onGranted = onGranted;
    }

    /** True once, when the place is there: whoever hears it may submit. */
    public boolean take() {
      synchronized (Admission.this) {
        boolean first = granted && !taken && !closed;
        taken |= first;
        return first;
      }
    }

    /** Adds to what the tenant has used; a negative number gives back. Only with the place. */
    public void charge(long tokens) {
      synchronized (Admission.this) {
        if (granted && !closed && !alone) {
          queue.charge(this, tokens);
        }
      }
    }

    /** Gives the place back, or waits for it no more. May be called twice. */
    public void close() {
      tell(giveBack(this));
    }

    @Override
    public int priority() {
      return priority;
    }

    @Override
    public String tenant() {
      return tenant;
    }

    @Override
    public long arrival() {
      return arrival;
    }
  }

  private final int places;
  private final FairQueue<Ticket> queue = new FairQueue<>();
  private final Deque<Ticket> suspects = new ArrayDeque<>();

  /** How many places are held, by priority. */
  private final TreeMap<Integer, Integer> held = new TreeMap<>();

  private int holders;
  private boolean lonely;
  private long arrivals;

  /**
   * @param places held at one time, at each priority with those above it; twice as many where
   *     tenants have less than their part
   */
  public Admission(int places) {
    if (places < 1) {
      throw new IllegalArgumentException("an engine needs a place, not " + places);
    }
    this.places = places;
  }

  /**
   * Waits for a place.
   *
   * @param alone whether nobody else may hold a place meanwhile
   * @param onGranted is run, on any thread, when the place is there later; {@link Ticket#take}
   *     tells whether it is there at once
   */
  public Ticket enter(int priority, String tenant, boolean alone, Runnable onGranted) {
    Ticket ticket = new Ticket(priority, tenant, alone, onGranted);
    synchronized (this) {
      ticket.arrival = arrivals++;
      if (alone) {
        suspects.add(ticket);
      } else {
        queue.add(ticket);
      }
      // Whether another may enter does not depend on a newcomer.
      if (ticket == next(ticket)) {
        grant(ticket);
      }
    }
    return ticket;
  }

  /** How many wait for a place. */
  public synchronized int waiting() {
    return queue.size() + suspects.size();
  }

  /** How many hold one. */
  public synchronized int holders() {
    return holders;
  }

  private synchronized List<Ticket> giveBack(Ticket ticket) {
    if (ticket.closed) {
      return List.of();
    }
    ticket.closed = true;
    if (ticket.granted) {
      holders--;
      held.merge(ticket.priority, -1, Integer::sum);
      held.remove(ticket.priority, 0);
      lonely &= !ticket.alone;
    } else if (ticket.alone) {
      suspects.remove(ticket);
    } else {
      queue.start(ticket);
    }
    if (!ticket.alone) {
      queue.end(ticket);
    }
    List<Ticket> granted = new ArrayList<>();
    for (Ticket next = next(null); next != null; next = next(null)) {
      grant(next);
      granted.add(next);
    }
    return granted;
  }

  /** Whose turn it is, null if nobody may enter; only {@code newcomer} is looked at if given. */
  private Ticket next(Ticket newcomer) {
    if (!suspects.isEmpty()) {
      return holders == 0 ? suspects.peek() : null;
    }
    if (lonely) {
      return null;
    }
    if (newcomer != null) {
      return mayEnter(newcomer) ? newcomer : null;
    }
    return queue.best(this::mayEnter);
  }

  private boolean mayEnter(Ticket ticket) {
    int higher = sum(held.tailMap(ticket.priority, false).values());
    int ahead = higher + held.getOrDefault(ticket.priority, 0);
    if (ahead < places) {
      return true;
    }
    int part = Math.max(1, places / queue.tenants(ticket));
    return higher < places && ahead < 2 * places && queue.running(ticket) < part;
  }

  private static int sum(Collection<Integer> counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  private void grant(Ticket ticket) {
    if (ticket.alone) {
      suspects.remove(ticket);
      lonely = true;
    } else {
      queue.start(ticket);
    }
    ticket.granted = true;
    holders++;
    held.merge(ticket.priority, 1, Integer::sum);
  }

  private static void tell(List<Ticket> granted) {
    granted.forEach(ticket -> ticket.onGranted.run());
  }
}
