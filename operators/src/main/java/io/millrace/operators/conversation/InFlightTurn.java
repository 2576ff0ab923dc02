package io.millrace.operators.conversation;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.conversation.state.Pending;
import io.millrace.operators.serving.EngineMail;

/** A turn that the engine works on. Its events go to the task's thread, one kind each. */
final class InFlightTurn implements GenerationListener {

  /** Hears a flight's events on the task's thread. */
  interface Handler {
    void onText(InFlightTurn flight, int index, String text) throws Exception;

    void onFinished(InFlightTurn flight, GenerationResult result) throws Exception;

    void onError(InFlightTurn flight, Throwable error) throws Exception;
  }

  final String key;
  final long position;
  final Pending pending;
  final PreparedTurn turn;
  final Ticket ticket;
  private final EngineMail mail;
  private final Handler handler;
  private final boolean streams;
  private Generation generation;
  private int chunks;

  InFlightTurn(
      String key,
      long position,
      Pending pending,
      PreparedTurn turn,
      Ticket ticket,
      EngineMail mail,
      Handler handler) {
    this.key = key;
    this.position = position;
    this.pending = pending;
    this.turn = turn;
    this.ticket = ticket;
    this.mail = mail;
    this.handler = handler;
    this.streams = pending.source().request().getStream();
  }

  void started(Generation handle) {
    generation = handle;
  }

  void cancel() {
    if (generation != null) {
      generation.cancel();
    }
  }

  /** Cancels, and leaves its place to others. */
  void abandon() {
    cancel();
    ticket.close();
  }

  boolean streams() {
    return streams;
  }

  /** Index of the chunk that closes the stream. */
  int nextChunk() {
    return chunks;
  }

  void chunkSent(int index) {
    chunks = index + 1;
  }

  @Override
  public void onText(int index, String text) {
    if (streams) {
      mail.post(() -> handler.onText(this, index, text));
    }
  }

  @Override
  public void onFinished(GenerationResult result) {
    mail.post(() -> handler.onFinished(this, result));
  }

  @Override
  public void onError(Throwable error) {
    mail.post(() -> handler.onError(this, error));
  }
}
