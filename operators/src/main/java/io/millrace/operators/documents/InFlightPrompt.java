package io.millrace.operators.documents;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.serving.EngineMail;

/** A unit that the engine works on. Its end goes to the task's thread. */
final class InFlightPrompt implements GenerationListener {

  /** Hears the end of a flight on the task's thread. */
  interface Handler {
    void onFinished(InFlightPrompt flight, GenerationResult result) throws Exception;

    void onError(InFlightPrompt flight, Throwable error) throws Exception;
  }

  final PromptKey slot;
  final Ticket ticket;
  private final EngineMail mail;
  private final Handler handler;
  private Generation generation;

  InFlightPrompt(PromptKey slot, Ticket ticket, EngineMail mail, Handler handler) {
    this.slot = slot;
    this.ticket = ticket;
    this.mail = mail;
    this.handler = handler;
  }

  void started(Generation handle) {
    generation = handle;
  }

  /** Cancels, and leaves its place to others. */
  void abandon() {
    if (generation != null) {
      generation.cancel();
    }
    ticket.close();
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
