package io.millrace.operators;

import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** The latest request ids of the current conversation, in keyed state. */
final class RecentRequests {
  private final int capacity;
  private final MapState<String, Long> numbers;
  private final MapState<Long, String> ids;

  RecentRequests(KeyedStateStore store, int capacity) {
    this.capacity = capacity;
    numbers = store.getMapState(new MapStateDescriptor<>("recent", Types.STRING, Types.LONG));
    ids = store.getMapState(new MapStateDescriptor<>("recent-order", Types.LONG, Types.STRING));
  }

  boolean contains(String id) throws Exception {
    return numbers.contains(id);
  }

  /**
   * Remembers an id and forgets the one that is now too old.
   *
   * @param number counts the arrivals of the conversation
   */
  void add(String id, long number) throws Exception {
    numbers.put(id, number);
    ids.put(number, id);
    long old = number - capacity;
    String oldId = ids.get(old);
    if (oldId != null) {
      ids.remove(old);
      forget(oldId, old);
    }
  }

  /** Forgets an id whose request became a dead letter, so that it may be sent again. */
  void forget(String id) throws Exception {
    numbers.remove(id);
  }

  // An id that was forgotten and came again has a newer number, which stays.
  private void forget(String id, long number) throws Exception {
    Long known = numbers.get(id);
    if (known != null && known == number) {
      numbers.remove(id);
    }
  }

  void clear() {
    numbers.clear();
    ids.clear();
  }
}
