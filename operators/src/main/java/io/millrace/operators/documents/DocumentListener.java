package io.millrace.operators.documents;

/**
 * Hears on the task's thread how far documents are; a restart tells again what was there before.
 */
public interface DocumentListener {
  DocumentListener NONE = new DocumentListener() {};

  /**
   * @param stage number of the stage, from 0
   * @param answered prompts of the stage that are answered
   * @param units prompts of the stage
   */
  default void progress(String documentId, int stage, int answered, int units) {}

  /** The document is a summary or a dead letter now. */
  default void ended(String documentId) {}
}
