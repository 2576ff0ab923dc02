package io.millrace.operators.conversation;

import io.millrace.operators.conversation.state.InboxCursor;
import io.millrace.operators.conversation.state.Pending;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/** The current conversation's queue of requests in keyed state; positions may have holes. */
final class Inbox {
  private static final String CURSOR = "cursor";

  private final MapState<Long, Pending> requests;
  private final ValueState<InboxCursor> cursor;

  Inbox(KeyedStateStore store) {
    requests =
        store.getMapState(
            new MapStateDescriptor<>("inbox", Types.LONG, TypeInformation.of(Pending.class)));
    cursor =
        store.getState(new ValueStateDescriptor<>(CURSOR, TypeInformation.of(InboxCursor.class)));
  }

  /** The keys of the conversations that have requests. */
  static Stream<Object> activeKeys(KeyedStateBackend<Object> backend) {
    return backend.getKeys(CURSOR, VoidNamespace.INSTANCE);
  }

  /** Position of the oldest request, -1 if there is none. */
  long head() throws Exception {
    InboxCursor range = cursor.value();
    return range == null ? -1 : range.head();
  }

  /** Position after the latest request, -1 if there is none. */
  long tail() throws Exception {
    InboxCursor range = cursor.value();
    return range == null ? -1 : range.tail();
  }

  boolean isEmpty() throws Exception {
    return cursor.value() == null;
  }

  /** The request at a position, null in a hole. */
  Pending get(long position) throws Exception {
    return requests.get(position);
  }

  /** Adds a request behind all others; returns its position. */
  long append(Pending pending) throws Exception {
    InboxCursor range = cursor.value();
    long head = range == null ? 0 : range.head();
    long tail = range == null ? 0 : range.tail();
    requests.put(tail, pending);
    cursor.update(new InboxCursor(head, tail + 1));
    return tail;
  }

  void replace(long position, Pending pending) throws Exception {
    requests.put(position, pending);
  }

  /** Removes a request; the head moves on to the next that is there. */
  void remove(long position) throws Exception {
    requests.remove(position);
    InboxCursor range = cursor.value();
    long head = range.head();
    while (head < range.tail() && !requests.contains(head)) {
      head++;
    }
    if (head == range.tail()) {
      cursor.clear();
    } else if (head != range.head()) {
      cursor.update(new InboxCursor(head, range.tail()));
    }
  }
}
