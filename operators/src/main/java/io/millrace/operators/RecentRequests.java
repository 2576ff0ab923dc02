package io.millrace.operators;

import io.millrace.operators.state.SeenRequest;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/** The latest requests of the current conversation by their ids, in keyed state. */
final class RecentRequests {
  private final int capacity;
  private final MapState<String, SeenRequest> seen;
  private final MapState<Long, String> ids;

  RecentRequests(KeyedStateStore store, int capacity) {
    this.capacity = capacity;
    seen =
        store.getMapState(
            new MapStateDescriptor<>(
                "recent", Types.STRING, TypeInformation.of(SeenRequest.class)));
    ids = store.getMapState(new MapStateDescriptor<>("recent-order", Types.LONG, Types.STRING));
  }

  /** The remembered request of this id, null if there is none. */
  SeenRequest get(String id) throws Exception {
    return seen.get(id);
  }

  /**
   * Remembers an id and forgets the one that is now too old.
   *
   * @param number counts the arrivals of the conversation
   * @param content {@link RequestContent#hash} of the request
   */
  void add(String id, long number, long content) throws Exception {
    seen.put(id, new SeenRequest(number, content));
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
    seen.remove(id);
  }

  // An id that was forgotten and came again has a newer number, which stays.
  private void forget(String id, long number) throws Exception {
    SeenRequest known = seen.get(id);
    if (known != null && known.number() == number) {
      seen.remove(id);
    }
  }

  void clear() {
    seen.clear();
    ids.clear();
  }
}
