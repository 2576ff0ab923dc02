package io.millrace.engine.sample;

/**
 * Log-probabilities of one row at a time: log-softmax of the raw logits over the ids that may be
 * chosen, before penalties and temperature. Not thread-safe.
 */
public final class Logprobs {
  private final int vocabulary;
  private final TopSelector selector = new TopSelector();
  private float[] row;
  private RowRange range;
  private double logSum;

  public Logprobs(int vocabulary) {
    this.vocabulary = vocabulary;
  }

  /**
   * @throws BadLogitsException if a logit of the vocabulary is NaN or infinite
   */
  public void load(float[] logits) {
    row = logits;
    range = RowRange.of(logits, vocabulary);
    double sum = 0;
    for (int id = 0; id < vocabulary; id++) {
      sum += NegativeExp.of((double) range.max() - logits[id]);
    }
    logSum = Math.log(sum);
  }

  public float of(int id) {
    return (float) ((double) row[id] - range.max() - logSum);
  }

  /** The n most likely ids, best first. */
  public int[] top(int n) {
    selector.selectCount(row, vocabulary, range, n);
    int[] ids = new int[selector.size()];
    for (int rank = 0; rank < ids.length; rank++) {
      ids[rank] = selector.id(rank);
    }
    return ids;
  }
}
