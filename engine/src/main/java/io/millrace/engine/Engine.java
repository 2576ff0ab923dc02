package io.millrace.engine;

import io.millrace.engine.chat.ChatFormat;
import io.millrace.engine.model.Manifest;
import io.millrace.engine.tokenize.Tokenizer;

/** Completes prompts, batching all that run at one time. Safe to use from any thread. */
public interface Engine extends AutoCloseable {

  /**
   * Queues a prompt.
   *
   * @throws IllegalArgumentException if the prompt is empty, holds an id outside the vocabulary, or
   *     does not fit the context; the message names the value
   * @throws EngineStoppedException if the engine is closed
   */
  Generation submit(GenerationRequest request, GenerationListener listener);

  /** Its places: whoever submits many requests waits for one with each of them. */
  Admission admission();

  /** Whether it is closed or has failed: it takes nothing any more. */
  boolean isStopped();

  Manifest manifest();

  Tokenizer tokenizer();

  ChatFormat chatFormat();

  /** The longest sequence, prompt and answer together, in tokens. */
  int maxSequenceLength();

  /** A consistent-enough snapshot of counters and gauges for metrics. */
  EngineStats stats();

  /**
   * Whether the {@link #stats()} are this user's to report. Of all who share an engine and ask, it
   * is one at a time, so that sums over them count the engine once.
   */
  default boolean isReporter() {
    return true;
  }

  /** Ends running generations with an error and frees the model. May be called twice. */
  @Override
  void close();
}
