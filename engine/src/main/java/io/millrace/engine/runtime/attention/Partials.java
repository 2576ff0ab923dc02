package io.millrace.engine.runtime.attention;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The results of items that cover one segment each. The worker that delivers the last segment of
 * some rows is told to join them.
 */
final class Partials {
  private final int rows;
  private final int dim;
  private Partial[] parts = new Partial[0];
  private AtomicIntegerArray delivered = new AtomicIntegerArray(0);
  private int width;

  Partials(int rows, int dim) {
    this.rows = rows;
    this.dim = dim;
  }

  /** Makes room for cuts of at most this many segments. */
  void prepare(int cuts, int segments) {
    width = segments;
    int from = parts.length;
    if (from < cuts * segments) {
      parts = Arrays.copyOf(parts, cuts * segments);
      for (int i = from; i < parts.length; i++) {
        parts[i] = new Partial(rows, dim);
      }
    }
    if (delivered.length() < cuts) {
      delivered = new AtomicIntegerArray(cuts);
    }
    // A step that failed half way may have left any count behind.
    for (int i = 0; i < cuts; i++) {
      delivered.set(i, 0);
    }
  }

  /** Delivers a segment; true if it was the last that its cut lacked. */
  boolean deliver(int cut, int segment, int segments, Partial part, int rows) {
    parts[cut * width + segment].copyFrom(part, rows);
    if (delivered.incrementAndGet(cut) < segments) {
      return false;
    }
    delivered.set(cut, 0);
    return true;
  }

  /** Joins a cut's segments, always in the same order. */
  void join(int cut, int segments, Partial into, int rows) {
    into.copyFrom(parts[cut * width], rows);
    for (int segment = 1; segment < segments; segment++) {
      into.add(parts[cut * width + segment], rows);
    }
  }
}
