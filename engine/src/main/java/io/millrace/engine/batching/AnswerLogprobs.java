package io.millrace.engine.batching;

import io.millrace.engine.PositionLogprobs;
import io.millrace.engine.TokenLogprob;
import io.millrace.engine.sample.SamplingParameters;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;

/**
 * The log-probabilities of a growing answer, by position. As objects they would take 30 bytes each
 * for as long as the answer runs, so they lie in arrays, and become objects where they are read.
 */
final class AnswerLogprobs {
  /** What one answer may hold, about 2 MiB: more no record of the default size could carry. */
  static final int MOST = 1 << 18;

  private static final int[] NO_IDS = {};
  private static final float[] NO_VALUES = {};

  private final int[] namedIds;
  private int top;
  private int positions;

  /** By position: the chosen id, then the top ones. */
  private int[] ids = NO_IDS;

  /** By position: of the chosen id, of the top ones, of the named ones. */
  private float[] values = NO_VALUES;

  AnswerLogprobs(SamplingParameters sampling) {
    namedIds = sampling.logprobTokenIds().stream().mapToInt(Integer::intValue).toArray();
  }

  static boolean wantedBy(SamplingParameters sampling) {
    return sampling.logprobs()
        || sampling.topLogprobs() > 0
        || !sampling.logprobTokenIds().isEmpty();
  }

  /** How many there are at each position. */
  static int perPosition(SamplingParameters sampling) {
    return wantedBy(sampling) ? 1 + sampling.topLogprobs() + sampling.logprobTokenIds().size() : 0;
  }

  void add(int chosenId, RowLogprobs row) {
    top = row.topIds().length;
    int idsFrom = positions * idsStride();
    int valuesFrom = positions * valuesStride();
    positions++;
    if (valuesFrom + valuesStride() > values.length) {
      int room = Math.max(16, positions + positions / 2);
      values = Arrays.copyOf(values, room * valuesStride());
      ids = Arrays.copyOf(ids, room * idsStride());
    }
    ids[idsFrom] = chosenId;
    System.arraycopy(row.topIds(), 0, ids, idsFrom + 1, top);
    values[valuesFrom] = row.chosen();
    System.arraycopy(row.top(), 0, values, valuesFrom + 1, top);
    System.arraycopy(row.named(), 0, values, valuesFrom + 1 + top, namedIds.length);
  }

  private int idsStride() {
    return 1 + top;
  }

  private int valuesStride() {
    return 1 + top + namedIds.length;
  }

  /** A view, not to be used while more are added. */
  List<PositionLogprobs> asList() {
    return positions == 0 ? List.of() : Collections.unmodifiableList(new View());
  }

  private final class View extends AbstractList<PositionLogprobs> implements RandomAccess {
    @Override
    public int size() {
      return positions;
    }

    @Override
    public PositionLogprobs get(int position) {
      if (position < 0 || position >= positions) {
        throw new IndexOutOfBoundsException(
            "position " + position + " of " + positions + " with log-probabilities");
      }
      int id = position * idsStride();
      int value = position * valuesStride();
      return new PositionLogprobs(
          new TokenLogprob(ids[id], values[value]),
          entries(ids, id + 1, value + 1, top),
          entries(namedIds, 0, value + 1 + top, namedIds.length));
    }

    private List<TokenLogprob> entries(int[] from, int id, int value, int count) {
      TokenLogprob[] entries = new TokenLogprob[count];
      Arrays.setAll(entries, i -> new TokenLogprob(from[id + i], values[value + i]));
      return List.of(entries);
    }
  }
}
