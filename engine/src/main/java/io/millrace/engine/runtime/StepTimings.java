package io.millrace.engine.runtime;

import java.util.Arrays;

/**
 * Where the time of the latest step went. A step is always in exactly one part, so the parts add up
 * to the whole; entering a part costs one look at the clock and allocates nothing. Used by the
 * engine's own thread only.
 */
public final class StepTimings {

  /** What a step spends time on. */
  public enum Part {
    /** Planning, packing the batch, bookkeeping of sequences and blocks. */
    SCHEDULING,
    /** The matrix products. */
    LINEAR,
    /** Attention over the block tables. */
    ATTENTION,
    /** Reading logits, choosing tokens, telling listeners. */
    SAMPLING,
    /** What lies between products: norms, quantising, rotary embedding, the gate. */
    OTHER
  }

  private static final int PARTS = Part.values().length;

  private final long[] nanos = new long[PARTS];
  private Part current = Part.SCHEDULING;
  private long since = System.nanoTime();

  /** Forgets the step before; a new one starts with its scheduling. */
  public void begin() {
    Arrays.fill(nanos, 0);
    current = Part.SCHEDULING;
    since = System.nanoTime();
  }

  /** From now on time counts for this part. */
  public void enter(Part part) {
    long now = System.nanoTime();
    nanos[current.ordinal()] += now - since;
    current = part;
    since = now;
  }

  /** Nanoseconds of a part in the step, up to the latest {@link #enter}. */
  public long nanos(Part part) {
    return nanos[part.ordinal()];
  }

  /** Nanoseconds of the step, up to the latest {@link #enter}. */
  public long total() {
    long sum = 0;
    for (long part : nanos) {
      sum += part;
    }
    return sum;
  }
}
