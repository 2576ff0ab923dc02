package io.millrace.engine.model;

/** Hears how far the writing or the hashing of a prepared model has come. */
@FunctionalInterface
public interface ProgressListener {

  /** Hears nothing. */
  ProgressListener NONE = (tensor, done, total) -> {};

  /**
   * @param tensor the tensor that is being written, or {@code fingerprint} while the file is hashed
   * @param doneBytes bytes written or hashed so far
   * @param totalBytes length of weights.bin
   */
  void progress(String tensor, long doneBytes, long totalBytes);
}
