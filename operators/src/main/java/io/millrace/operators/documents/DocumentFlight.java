package io.millrace.operators.documents;

import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;
import io.millrace.operators.EngineMail;

/** A unit that the engine works on. Its end goes to the task's thread. */
final class DocumentFlight implements GenerationListener {

  /** Hears the end of a flight on the task's thread. */
  interface Handler {
    void onFinished(DocumentFlight flight, GenerationResult result) throws Exception;

    void onError(DocumentFlight flight, Throwable error) throws Exception;
  }

  final Slot slot;
  private final EngineMail mail;
  private final Handler handler;
  private Generation generation;

  DocumentFlight(Slot slot, EngineMail mail, Handler handler) {
    this.slot = slot;
    this.mail = mail;
    this.handler = handler;
  }

  void started(Generation handle) {
    generation = handle;
  }

  void cancel() {
    if (generation != null) {
      generation.cancel();
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
