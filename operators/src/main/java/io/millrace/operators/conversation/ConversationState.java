package io.millrace.operators.conversation;

import io.millrace.engine.chat.TokenTurn;
import io.millrace.operators.conversation.state.Session;
import io.millrace.operators.record.RequestContent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** All that is kept of the current conversation. */
final class ConversationState {
  final Inbox inbox;
  private final History history;
  private final RecentRequests recent;
  private final ValueState<Session> session;

  ConversationState(KeyedStateStore store, int rememberedRequests) {
    inbox = new Inbox(store);
    history = new History(store);
    recent = new RecentRequests(store, rememberedRequests);
    session =
        store.getState(new ValueStateDescriptor<>("session", TypeInformation.of(Session.class)));
  }

  /** The content of the request that came with this id before; null if none is remembered. */
  Long seen(String requestId) throws Exception {
    return recent.contentOf(requestId);
  }

  /**
   * Remembers a request; true if it is the conversation's first.
   *
   * @param content {@link RequestContent#hash} of the request
   */
  boolean arrived(String requestId, long content, long now) throws Exception {
    Session known = session.value();
    Session before = known == null ? Session.fresh() : known;
    recent.add(requestId, content);
    session.update(before.touched(now));
    return known == null;
  }

  /** Lets a request come again that became a dead letter. */
  void unsee(String requestId) throws Exception {
    recent.forget(requestId);
  }

  void touch(long now) throws Exception {
    session.update(session.value().touched(now));
  }

  /** What the conversation is besides its turns; null if there is no conversation. */
  Session session() throws Exception {
    return session.value();
  }

  List<TokenTurn> turns() throws Exception {
    return history.turns();
  }

  /** Which turn the next one is, from 1. */
  int nextTurn() throws Exception {
    return session.value().trimmedTurns() + history.turns().size() + 1;
  }

  /**
   * Makes an answered turn part of the conversation.
   *
   * @param answer the generated ids
   * @param maxTokens what the longest prompt can hold
   */
  void append(PreparedTurn turn, int[] answer, int maxTokens) throws Exception {
    TokenTurn answered = new TokenTurn(turn.query(), answer);
    List<TokenTurn> turns = new ArrayList<>(turn.history());
    turns.add(answered);
    int excess = History.excess(turns, maxTokens);
    if (turn.replacesHistory() || excess > 0) {
      history.replace(turns.subList(excess, turns.size()));
    } else {
      history.append(answered);
    }
    Session known = session.value();
    int trimmed = (turn.replacesHistory() ? 0 : known.trimmedTurns()) + excess;
    session.update(known.speaking(turn.systemIds()).trimmed(trimmed));
  }

  /** Forgets what was said, but not which requests came. */
  void reset() throws Exception {
    history.clear();
    session.update(session.value().reset());
  }

  /** Forgets the conversation. */
  void clear() {
    history.clear();
    recent.clear();
    session.clear();
  }
}
