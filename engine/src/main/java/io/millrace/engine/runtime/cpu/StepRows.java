package io.millrace.engine.runtime.cpu;

import io.millrace.engine.model.ModelConfig;
import io.millrace.engine.runtime.StepBatch;
import io.millrace.engine.runtime.attention.QueryKeys;
import io.millrace.engine.runtime.attention.RopeTable;
import java.util.Arrays;

/** The rows of a step, a row being a token: what lives on from one layer to the next. */
final class StepRows {
  private final ModelConfig config;

  /** [row][hidden]. */
  float[] residual = new float[0];

  /** [row][head][dim], like {@link #attended}. */
  float[] queries = new float[0];

  float[] attended = new float[0];

  private StepBatch batch;
  private int[] sequenceOf = new int[0];
  private RopeTable[] ropes = new RopeTable[0];

  StepRows(ModelConfig config) {
    this.config = config;
  }

  void prepare(StepBatch step, QueryKeys queryKeys) {
    batch = step;
    int tokens = step.tokenCount();
    if (sequenceOf.length < tokens) {
      residual = new float[Math.multiplyExact(tokens, config.hiddenSize())];
      queries = new float[Math.multiplyExact(tokens, attentionWidth())];
      attended = new float[queries.length];
      sequenceOf = new int[tokens];
    }
    if (ropes.length < step.sequences()) {
      ropes = new RopeTable[step.sequences()];
    }
    for (int s = 0; s < step.sequences(); s++) {
      int from = step.start()[s];
      int to = step.start()[s + 1];
      Arrays.fill(sequenceOf, from, to, s);
      ropes[s] = queryKeys.rope(step.ropeAlpha()[s], step.past()[s] + to - from);
    }
  }

  int attentionWidth() {
    return config.heads() * config.headDim();
  }

  StepBatch batch() {
    return batch;
  }

  int sequence(int row) {
    return sequenceOf[row];
  }

  RopeTable rope(int row) {
    return ropes[sequenceOf[row]];
  }

  int position(int row) {
    int s = sequenceOf[row];
    return batch.past()[s] + row - batch.start()[s];
  }

  /** Moves the rows whose logits are wanted to the front: only they go on. */
  int keepWanted() {
    int[] wanted = batch.logitRows();
    int hidden = config.hiddenSize();
    int width = attentionWidth();
    for (int i = 0; i < wanted.length; i++) {
      System.arraycopy(residual, wanted[i] * hidden, residual, i * hidden, hidden);
      System.arraycopy(attended, wanted[i] * width, attended, i * width, width);
    }
    return wanted.length;
  }
}
