package io.millrace.engine.sample;

/**
 * Chooses the next token from a full row of logits, exactly. The order is HuggingFace's and vLLM's:
 * penalties, temperature, top_k, top_p over what top_k left, min_p relative to the most likely
 * token. Equal logits rank by the lower id. Not thread-safe; its buffers serve every sequence.
 */
public final class TokenSampler {
  private final int vocabulary;
  private final TopSelector selector = new TopSelector();
  private final double[] weights;
  private int kept;
  private double keptWeight;
  private boolean ranked;

  /**
   * @param vocabulary ids below this may be chosen, the rest is padding
   */
  public TokenSampler(int vocabulary) {
    this.vocabulary = vocabulary;
    weights = new double[vocabulary];
  }

  /**
   * @param row the logits; penalties change it in place
   * @param position of the token to choose, counted from the start of the prompt: with the seed it
   *     determines the random number
   * @throws BadLogitsException if a logit of the vocabulary is NaN or infinite
   */
  public int choose(float[] row, SamplingParameters parameters, SeenTokens seen, long position) {
    // 0, or so near to it that its inverse is infinite.
    if (Double.isInfinite(1 / parameters.temperature())) {
      if (seen.penalises()) {
        RowRange.of(row, vocabulary);
        seen.penalise(row, vocabulary);
      }
      return best(row);
    }
    filter(row, parameters, seen);
    return draw(Philox.uniform(parameters.seed(), position));
  }

  /** Leaves the tokens that may be drawn and their weights. */
  void filter(float[] row, SamplingParameters parameters, SeenTokens seen) {
    RowRange range = RowRange.of(row, vocabulary);
    if (seen.penalises()) {
      seen.penalise(row, vocabulary);
      range = RowRange.of(row, vocabulary);
    }
    double inverse = 1 / parameters.temperature();
    int topK = parameters.topK();
    ranked = topK > 0 && topK < vocabulary || parameters.topP() < 1;
    if (!ranked) {
      keepAll(row, range, inverse, parameters.minP());
      return;
    }
    double target;
    if (topK > 0 && topK < vocabulary) {
      selector.selectCount(row, vocabulary, range, topK);
      target = parameters.topP() * weigh(row, range, inverse);
    } else {
      selector.selectMass(row, vocabulary, range, inverse, parameters.topP());
      weigh(row, range, inverse);
      target = parameters.topP() * selector.total();
    }
    keepBest(parameters.topP() < 1 ? target : Double.POSITIVE_INFINITY, parameters.minP());
  }

  /** Fills in the weights of the selected tokens and returns their sum. */
  private double weigh(float[] row, RowRange range, double inverse) {
    double sum = 0;
    for (int rank = 0; rank < selector.size(); rank++) {
      weights[rank] = NegativeExp.of(((double) range.max() - row[selector.id(rank)]) * inverse);
      sum += weights[rank];
    }
    return sum;
  }

  private void keepBest(double target, double minP) {
    kept = 0;
    keptWeight = 0;
    while (kept < selector.size() && keptWeight < target && weights[kept] >= minP) {
      keptWeight += weights[kept++];
    }
  }

  private void keepAll(float[] row, RowRange range, double inverse, double minP) {
    kept = vocabulary;
    keptWeight = 0;
    for (int id = 0; id < vocabulary; id++) {
      double weight = NegativeExp.of(((double) range.max() - row[id]) * inverse);
      weights[id] = weight >= minP ? weight : 0;
      keptWeight += weights[id];
    }
  }

  private int draw(double uniform) {
    double rest = uniform * keptWeight;
    int last = 0;
    for (int i = 0; i < kept; i++) {
      if (weights[i] > 0) {
        last = i;
        rest -= weights[i];
        if (rest < 0) {
          break;
        }
      }
    }
    return keptId(last);
  }

  private int best(float[] row) {
    int best = 0;
    float bestValue = Float.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabulary; id++) {
      float value = row[id];
      if (!(Math.abs(value) <= Float.MAX_VALUE)) {
        throw new BadLogitsException(id, value);
      }
      if (value > bestValue) {
        best = id;
        bestValue = value;
      }
    }
    return best;
  }

  /** Tokens that {@link #filter} left, some perhaps with weight 0. */
  int kept() {
    return kept;
  }

  int keptId(int index) {
    return ranked ? selector.id(index) : index;
  }

  double probability(int index) {
    return weights[index] / keptWeight;
  }
}
