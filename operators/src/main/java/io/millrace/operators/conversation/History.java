package io.millrace.operators.conversation;

import io.millrace.engine.chat.TokenTurn;
import io.millrace.operators.conversation.state.StoredTurn;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** The current conversation's finished turns as token ids, in keyed state. */
final class History {
  private final ListState<StoredTurn> turns;

  History(KeyedStateStore store) {
    turns =
        store.getListState(
            new ListStateDescriptor<>("history", TypeInformation.of(StoredTurn.class)));
  }

  List<TokenTurn> turns() throws Exception {
    List<TokenTurn> list = new ArrayList<>();
    for (StoredTurn turn : turns.get()) {
      list.add(new TokenTurn(turn.query(), turn.answer()));
    }
    return list;
  }

  void append(TokenTurn turn) throws Exception {
    turns.add(stored(turn));
  }

  void replace(List<TokenTurn> newTurns) throws Exception {
    turns.update(newTurns.stream().map(History::stored).toList());
  }

  /**
   * How many of the oldest turns no prompt can ever hold again. It stays 0 until the turns are
   * twice what can be held, so that the list is seldom rewritten.
   */
  static int excess(List<TokenTurn> turns, int maxTokens) {
    long total = turns.stream().mapToLong(History::length).sum();
    if (total <= 2L * maxTokens) {
      return 0;
    }
    int excess = 0;
    while (total - length(turns.get(excess)) > maxTokens) {
      total -= length(turns.get(excess++));
    }
    return excess;
  }

  void clear() {
    turns.clear();
  }

  private static long length(TokenTurn turn) {
    return (long) turn.query().length + turn.answer().length;
  }

  private static StoredTurn stored(TokenTurn turn) {
    return new StoredTurn(turn.query(), turn.answer());
  }
}
