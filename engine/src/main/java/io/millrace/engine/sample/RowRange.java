package io.millrace.engine.sample;

/** The extremes of a row of logits. */
record RowRange(float min, float max) {

  /**
   * @param size look at the ids below this
   * @throws BadLogitsException if one of them is NaN or infinite
   */
  static RowRange of(float[] row, int size) {
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < size; id++) {
      float value = row[id];
      if (!(Math.abs(value) <= Float.MAX_VALUE)) {
        throw new BadLogitsException(id, value);
      }
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new RowRange(min, max);
  }
}
