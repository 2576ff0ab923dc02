package io.millrace.operators.conversation;

import io.millrace.operators.record.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;

/**
 * The latest requests of the current conversation in keyed state, the oldest first: of each 128
 * bits of its id's hash and the hash of its content, so that a conversation's memory is small
 * whatever ids look like.
 */
final class RecentRequests {
  /** Two of the id, one of the content. */
  private static final int LONGS = 3;

  private final int capacity;
  private final ValueState<long[]> requests;

  RecentRequests(KeyedStateStore store, int capacity) {
    this.capacity = capacity;
    requests =
        store.getState(
            new ValueStateDescriptor<>(
                "recent", PrimitiveArrayTypeInfo.LONG_PRIMITIVE_ARRAY_TYPE_INFO));
  }

  /** The content's hash of the remembered request with this id; null if there is none. */
  Long contentOf(String id) throws Exception {
    long[] known = known();
    int at = find(known, id);
    return at < 0 ? null : known[at + 2];
  }

  /** Remembers a request and forgets those that are now too old. */
  void add(String id, long content) throws Exception {
    long[] known = known();
    int kept = Math.min(known.length, LONGS * (capacity - 1));
    long[] next = Arrays.copyOfRange(known, known.length - kept, known.length + LONGS);
    ByteBuffer hash = hash(id);
    next[kept] = hash.getLong();
    next[kept + 1] = hash.getLong();
    next[kept + 2] = content;
    requests.update(next);
  }

  /** Forgets a request that became a dead letter, so that it may be sent again. */
  void forget(String id) throws Exception {
    long[] known = known();
    int at = find(known, id);
    if (at >= 0) {
      long[] next = Arrays.copyOf(known, known.length - LONGS);
      System.arraycopy(known, at + LONGS, next, at, next.length - at);
      requests.update(next);
    }
  }

  void clear() {
    requests.clear();
  }

  private long[] known() throws Exception {
    long[] known = requests.value();
    return known == null ? new long[0] : known;
  }

  private static int find(long[] known, String id) {
    ByteBuffer hash = hash(id);
    long first = hash.getLong();
    long second = hash.getLong();
    for (int i = 0; i < known.length; i += LONGS) {
      if (known[i] == first && known[i + 1] == second) {
        return i;
      }
    }
    return -1;
  }

  private static ByteBuffer hash(String id) {
    return ByteBuffer.wrap(Digests.sha256().digest(id.getBytes(StandardCharsets.UTF_8)));
  }
}
