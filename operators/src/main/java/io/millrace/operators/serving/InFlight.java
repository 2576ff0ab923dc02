package io.millrace.operators.serving;

import io.millrace.engine.Admission.Ticket;
import io.millrace.engine.Generation;
import io.millrace.engine.GenerationListener;
import io.millrace.engine.GenerationResult;

/** An attempt that the engine works on. It carries the engine's events to the task's thread. */
final class InFlight<K, A extends Attempt> implements GenerationListener {

  /** Hears the events on the task's thread. */
  interface Events<K, A extends Attempt> {
    void onText(InFlight<K, A> inFlight, int index, String text) throws Exception;

    void onFinished(InFlight<K, A> inFlight, GenerationResult result) throws Exception;

    void onError(InFlight<K, A> inFlight, Throwable error) throws Exception;
  }

  final K key;
  final A attempt;
  final Ticket ticket;
  private final EngineMail mail;
  private final Events<K, A> events;
  private final boolean streams;
  private Generation generation;
  private boolean cancelled;

  InFlight(K key, A attempt, Ticket ticket, EngineMail mail, Events<K, A> events) {
    this.key = key;
    this.attempt = attempt;
    this.ticket = ticket;
    this.mail = mail;
    this.events = events;
    this.streams = attempt.streams();
  }

  /** What the {@link CrashLedger} knows it by. */
  String mark() {
    return key + "/" + attempt.generation().id();
  }

  void started(Generation handle) {
    generation = handle;
    if (cancelled) {
      generation.cancel();
    }
  }

  /** Also before the engine has it. */
  void cancel() {
    cancelled = true;
    if (generation != null) {
      generation.cancel();
    }
  }

  /** Cancels, and leaves its place to others. */
  void abandon() {
    cancel();
    ticket.close();
  }

  @Override
  public void onText(int index, String text) {
    if (streams) {
      mail.post(() -> events.onText(this, index, text));
    }
  }

  @Override
  public void onFinished(GenerationResult result) {
    mail.post(() -> events.onFinished(this, result));
  }

  @Override
  public void onError(Throwable error) {
    mail.post(() -> events.onError(this, error));
  }
}
