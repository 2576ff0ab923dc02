package io.millrace.operators.conversation;

import io.millrace.engine.GenerationRequest;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.serving.Attempt;

/** An attempt at the turn at the head of an inbox. */
final class TurnAttempt implements Attempt {
  final long position;
  final Pending pending;
  final PreparedTurn turn;
  private int chunks;

  TurnAttempt(long position, Pending pending, PreparedTurn turn) {
    this.position = position;
    this.pending = pending;
    this.turn = turn;
  }

  @Override
  public GenerationRequest generation() {
    return turn.generation();
  }

  @Override
  public boolean streams() {
    return pending.request().getStream();
  }

  @Override
  public int failures() {
    return pending.attempts();
  }

  @Override
  public boolean suspect() {
    return pending.suspect();
  }

  /** Index of the chunk that closes the stream. */
  int nextChunk() {
    return chunks;
  }

  void chunkSent(int index) {
    chunks = index + 1;
  }
}
