package io.millrace.operators.conversation.state;

/**
 * What a conversation is besides its history and inbox.
 *
 * @param systemIds token ids of the system message; null for the model's default
 * @param trimmedTurns oldest turns dropped from the history because no prompt could hold them
 * @param lastActivity processing time of the latest arrival or answer
 */
public record Session(int[] systemIds, int trimmedTurns, long lastActivity) {

  public static Session fresh() {
    return new Session(null, 0, 0);
  }

  public Session touched(long now) {
    return new Session(systemIds, trimmedTurns, now);
  }

  public Session speaking(int[] ids) {
    return new Session(ids, trimmedTurns, lastActivity);
  }

  public Session trimmed(int turns) {
    return new Session(systemIds, turns, lastActivity);
  }

  /** Forgets what was said. */
  public Session reset() {
    return new Session(null, 0, lastActivity);
  }
}
