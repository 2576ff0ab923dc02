package io.millrace.operators.state;

/**
 * What a conversation is besides its history and inbox.
 *
 * @param system the system message; null for the model's default
 * @param systemIds its token ids; null until the first turn
 * @param trimmedTurns oldest turns dropped from the history because no prompt could hold them
 * @param arrivals requests accepted so far, numbers the remembered request ids
 * @param lastActivity processing time of the latest arrival or answer
 */
public record Session(
    String system, int[] systemIds, int trimmedTurns, long arrivals, long lastActivity) {

  public static Session fresh() {
    return new Session(null, null, 0, 0, 0);
  }

  public Session touched(long now) {
    return new Session(system, systemIds, trimmedTurns, arrivals, now);
  }

  public Session arrived() {
    return new Session(system, systemIds, trimmedTurns, arrivals + 1, lastActivity);
  }

  public Session speaking(String text, int[] ids) {
    return new Session(text, ids, trimmedTurns, arrivals, lastActivity);
  }

  public Session trimmed(int turns) {
    return new Session(system, systemIds, turns, arrivals, lastActivity);
  }

  /** Forgets what was said, but not which requests came. */
  public Session reset() {
    return new Session(null, null, 0, arrivals, lastActivity);
  }
}
