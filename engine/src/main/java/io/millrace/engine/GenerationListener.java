package io.millrace.engine;

/**
 * Hears one generation. All calls come from the engine's own thread, in order; an implementation
 * hands the event on and returns at once. Exactly one of {@link #onFinished} and {@link #onError}
 * is called, as the last call.
 */
public interface GenerationListener {

  /**
   * A piece of text became certain: whole characters, nothing that may yet turn out to be part of a
   * stop string.
   *
   * @param index 0, 1, 2, ..; a replay of the same request gives the same text at the same index
   */
  default void onText(int index, String text) {}

  void onFinished(GenerationResult result);

  /**
   * The generation failed; the engine goes on with the others, except after an {@link
   * EngineStoppedException}, which all of them hear.
   */
  void onError(Throwable error);
}
