package io.millrace.operators.serving;

import io.millrace.engine.GenerationResult;
import io.millrace.schemas.DeadLetterStage;

/**
 * What an operator makes of its keys at the engine. The dispatcher calls it on the task's thread,
 * with the key's record as the current one, and holds the key no more unless it says so.
 *
 * @param <K> names what is asked
 * @param <A> an attempt at it
 */
public interface DispatchHandler<K, A extends Attempt> {

  /**
   * Prepares the attempt for which there is a place now. A {@link RuntimeException} or {@link
   * StackOverflowError} refuses the key.
   *
   * @return null if the engine is not to be asked; {@link #onReady} follows
   */
  A prepare(K key) throws Exception;

  /** A piece of text of an attempt that streams; the attempt goes on. */
  void onText(K key, A attempt, int index, String text) throws Exception;

  void onAnswered(K key, A attempt, GenerationResult result) throws Exception;

  /** There can be no answer. */
  void onRefused(K key, DeadLetterStage stage, String error) throws Exception;

  /**
   * The attempt failed and is not the last: writes the failure into the state.
   *
   * @param engineDied whether this may have been why
   * @return whether to wait for the next attempt; false if nobody wants the answer, and {@link
   *     #onReady} follows
   */
  boolean onFailed(K key, A attempt, boolean engineDied) throws Exception;

  /** The key may be added again. */
  void onReady(K key) throws Exception;
}
