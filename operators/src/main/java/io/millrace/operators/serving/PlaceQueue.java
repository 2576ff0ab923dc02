package io.millrace.operators.serving;

import io.millrace.engine.Admission.Ticket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The keys that wait for places in the engine, lane by lane, and what their lanes asked for. */
final class PlaceQueue<K extends Comparable<K>> {
  private final Map<K, Lane<K>> lanes = new HashMap<>();
  private final Map<Lane<K>, TreeSet<K>> waiting = new HashMap<>();

  /** Each lane with keys is in one of these. */
  private final Map<Lane<K>, Ticket> tickets = new LinkedHashMap<>();

  private final LinkedHashSet<Lane<K>> withoutTicket = new LinkedHashSet<>();

  void add(K key, Lane<K> lane) {
    lanes.put(key, lane);
    waiting.computeIfAbsent(lane, l -> new TreeSet<>()).add(key);
    if (!tickets.containsKey(lane)) {
      withoutTicket.add(lane);
    }
  }

  boolean contains(K key) {
    return lanes.containsKey(key);
  }

  Set<K> keys() {
    return lanes.keySet();
  }

  /** A lane that is to ask for a place, the longest waiting first; null if there is none. */
  Lane<K> nextToAsk() {
    return withoutTicket.isEmpty() ? null : withoutTicket.iterator().next();
  }

  /** Notes that a lane waits with this ticket. */
  void asked(Lane<K> lane, Ticket ticket) {
    withoutTicket.remove(lane);
    tickets.put(lane, ticket);
  }

  /** Takes the ticket of a lane whose place is there; null if it is not, or not any more. */
  Ticket takeGranted(Lane<K> lane) {
    Ticket ticket = tickets.get(lane);
    if (ticket == null || !ticket.take()) {
      return null;
    }
    tickets.remove(lane);
    withoutTicket.add(lane);
    return ticket;
  }

  /** Removes the first key of a lane that has some. */
  K takeFirst(Lane<K> lane) {
    K first = waiting.get(lane).first();
    remove(first);
    return first;
  }

  /** Removes a key, and what its lane asked for where nobody is left to use it. */
  void remove(K key) {
    Lane<K> lane = lanes.remove(key);
    if (lane == null) {
      return;
    }
    TreeSet<K> keys = waiting.get(lane);
    keys.remove(key);
    if (keys.isEmpty()) {
      waiting.remove(lane);
      withoutTicket.remove(lane);
      Ticket ticket = tickets.remove(lane);
      if (ticket != null) {
        ticket.close();
      }
    }
  }

  /** Gives all tickets back; their lanes are to ask again. */
  void closeTickets() {
    withoutTicket.addAll(tickets.keySet());
    List<Ticket> old = List.copyOf(tickets.values());
    tickets.clear();
    old.forEach(Ticket::close);
  }
}
