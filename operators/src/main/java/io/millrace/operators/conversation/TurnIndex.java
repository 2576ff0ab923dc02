package io.millrace.operators.conversation;

import io.millrace.operators.conversation.state.Pending;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Where the turns that this subtask holds are in the inboxes of their conversations, so that nobody
 * reads through an inbox to find one. It is in memory and is rebuilt from the inboxes.
 */
final class TurnIndex {
  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::conversation)
          .thenComparing(Place::id)
          .thenComparingLong(Place::position);

  /** An id may be there twice, if so many requests are between that it was forgotten. */
  private record Place(String conversation, String id, long position) {}

  private final NavigableSet<Place> places = new TreeSet<>(ORDER);

  void add(long position, Pending pending) {
    if (pending.isTurn()) {
      places.add(place(position, pending));
    }
  }

  void remove(long position, Pending pending) {
    if (pending.isTurn()) {
      places.remove(place(position, pending));
    }
  }

  /** Positions of a conversation's turns, the oldest first. */
  List<Long> of(String conversation) {
    return between(
        new Place(conversation, "", Long.MIN_VALUE),
        // The least string that is greater.
        new Place(conversation + '\0', "", Long.MIN_VALUE));
  }

  /** Positions of a conversation's turns with an id, the oldest first. */
  List<Long> of(String conversation, String id) {
    return between(
        new Place(conversation, id, Long.MIN_VALUE), new Place(conversation, id, Long.MAX_VALUE));
  }

  private List<Long> between(Place from, Place to) {
    return places.subSet(from, to).stream().map(Place::position).sorted().toList();
  }

  private static Place place(long position, Pending pending) {
    return new Place(pending.request().getConversationId(), pending.id(), position);
  }
}
